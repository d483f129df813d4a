/** Collects what does not give its files at once, or is no files at all; loaded when there is such a thing. */

export { collect } from '../client/wire-files.ts'
