/** "holdall/bundle": an app's responses as one ZIP, and back into the caches of another browser. */

export {
  importBundle,
  type BundleSource,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type ImportWarning,
} from './bundle/import.ts'
export type { ImportLimits } from './bundle/import-limits.ts'
export { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from './errors.ts'
