/** A page of the app that has no classic build. */

import { show } from './ui.ts'

show(document.querySelector('#app')!)
