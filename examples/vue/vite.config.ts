/** Vue, which is told of the element, and holdall's service worker where it must be. */

import vue from '@vitejs/plugin-vue'
import { holdall } from 'holdall/vite'
import { defineConfig } from 'vite'

const isCustomElement = (tag: string): boolean => tag === 'holdall-download'

// oxlint-disable-next-line import/no-default-export -- Vite takes its configuration by that
export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } }), holdall()],
})
