/** Starts the app. The element is registered before it is rendered, so that it gets its properties. */

import 'holdall/widget'
import { createApp } from 'vue'
import App from './App.vue'

createApp(App).mount('#app')
