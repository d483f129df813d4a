/** React, and holdall's service worker where it must be. */

import react from '@vitejs/plugin-react'
import { holdall } from 'holdall/vite'
import { defineConfig } from 'vite'

// oxlint-disable-next-line import/no-default-export -- Vite takes its configuration by that
export default defineConfig({ plugins: [react(), holdall()] })
