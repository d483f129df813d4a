/** Starts the app. The element is registered before it is rendered, so that it gets its properties. */

import 'holdall/widget'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'

createRoot(document.querySelector('#app')!).render(<App />)
