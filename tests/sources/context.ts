/** What sources need of a job, for tests that have none. */

import { Gate } from '../../src/sources/gate.ts'
import { readSource, type SourceContext } from '../../src/sources/open.ts'
import { BufferPool } from '../../src/zip/buffer-pool.ts'
import type { ManifestFile, SourceInput } from '../../src/manifest/types.ts'

export function contextWith(fields: Partial<SourceContext>): SourceContext {
  return {
    signal: new AbortController().signal,
    patience: { attempts: 1, silence: 30_000, delay: 1 },
    gate: new Gate(),
    buffers: new BufferPool(),
    online: () => Promise.resolve(),
    lastAnswer: () => 0,
    outage: () => Promise.resolve(false),
    reached: () => undefined,
    refresh: () => Promise.resolve(undefined),
    received: () => undefined,
    answered: () => undefined,
    report: () => undefined,
    identified: () => undefined,
    crcTaken: () => 0,
    ...fields,
  }
}

/** The bytes of `source`, in an entry called `file.bin`. */
export function read(
  source: SourceInput,
  position = 0,
  context: Partial<SourceContext> = {},
  file: Partial<ManifestFile> = {},
): ReturnType<typeof readSource> {
  const entry: ManifestFile = { kind: 'file', name: 'file.bin', source, ...file }
  return readSource(entry, 0, position, contextWith(context))
}
