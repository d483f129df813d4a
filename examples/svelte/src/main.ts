/** Starts the app. The element is registered before it is rendered, so that it gets its properties. */

import 'holdall/widget'
import { mount } from 'svelte'
import App from './App.svelte'

mount(App, { target: document.querySelector('#app')! })
