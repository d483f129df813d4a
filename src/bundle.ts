/** "holdall/bundle": an app's responses as one ZIP, and back into the caches of another browser. */

export {
  importBundle,
  type BundleSource,
  type ImportLimits,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type ImportWarning,
} from './bundle/import.ts'
