/** The app for browsers without modules, and for disks. */

import { show } from './ui.ts'

show(document.querySelector('#app')!)
