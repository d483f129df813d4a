/** How far an encoder is, as its user is told. */

import { RateMeter, type Progress } from '../progress.ts'
import type { ArchiveEncoder } from '../zip/encode.ts'
import type { ArchivePlan } from '../zip/plan.ts'

/** A function that tells how far `encoder` is with `plan`; to be called a few times a second. */
export function progressOf(plan: ArchivePlan, encoder: ArchiveEncoder): () => Progress {
  const meter = new RateMeter()
  return () => {
    const { offset: bytes, entry: entries, position } = encoder
    const { length: total } = plan
    const rate = meter.rate(bytes, performance.now())
    const current = plan.entries[entries]
    return {
      bytes,
      ...(total !== undefined && { total }),
      entries,
      totalEntries: plan.entries.length,
      rate,
      ...(total !== undefined && rate > 0 && { remaining: ((total - bytes) * 1000) / rate }),
      ...(current !== undefined && {
        current: {
          index: entries,
          name: current.name,
          bytes: position,
          ...(current.size !== undefined && { size: current.size }),
        },
      }),
    }
  }
}
