/** Svelte, and holdall's service worker where it must be. */

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { holdall } from 'holdall/vite'
import { defineConfig } from 'vite'

// oxlint-disable-next-line import/no-default-export -- Vite takes its configuration by that
export default defineConfig({ plugins: [svelte(), holdall()] })
