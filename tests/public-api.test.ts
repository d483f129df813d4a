/** All that users can import. A change here is a change for them. */

import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** Names that an entry file exports, with those of types, by its text. */
async function declared(entry: string): Promise<string[]> {
  const text = await readFile(new URL(`../src/${entry}`, import.meta.url), 'utf8')
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    names!.split(',').map((name) => name.trim().replace(/^type /, '')),
  )
  const own = [
    ...text.matchAll(/^export (?:async )?(?:function|class|const|interface|type) (\w+)/gm),
  ]
  return [...lists, ...own.map(([, name]) => name!)].filter((name) => name !== '').toSorted()
}

const FILE_TYPES = [
  'ArchiveOptions',
  'BundleWarning',
  'Data',
  'DataFile',
  'DataOrThunk',
  'DirectoryEntry',
  'FileInput',
  'FilesInput',
  'FramingOption',
  'HandleFile',
  'NameWarning',
  'OnError',
  'RefreshUrl',
  'RetryOptions',
  'SkippedFile',
  'SymlinkEntry',
  'UrlFile',
  'Warning',
]
const ERRORS = ['ErrorCode', 'ErrorDetails', 'HoldallError', 'isHoldallError']

describe('"holdall"', () => {
  it('exports these values', async () => {
    expect(Object.keys(await import('../src/index.ts')).toSorted()).toEqual([
      'HoldallError',
      'JobProgressEvent',
      'JobStateEvent',
      'JobWarningEvent',
      'configure',
      'diagnose',
      'isHoldallError',
      'unfinished',
      'zip',
    ])
  })

  it('exports these names, with types', async () => {
    const names = [
      ...['Configuration', 'EntryProgress', 'EntryState', 'JobEventMap', 'JobProgressEvent'],
      ...['JobState', 'JobStateEvent', 'JobWarningEvent', 'PlanSummary', 'Progress', 'Report'],
      ...[
        'ServiceWorkerOptions',
        'WriteTarget',
        'ZipJob',
        'ZipOptions',
        'configure',
        'unfinished',
        'Unfinished',
        'zip',
      ],
      ...['Diagnosis', 'DownloadNews', 'Fallback', 'Finding', 'FindingCode', 'Sink', 'diagnose'],
      ...['ResumeOptions', 'UploadPart', 'UploadRequest', 'UploadTarget', 'UploadedPart'],
    ]
    expect(await declared('index.ts')).toEqual([...FILE_TYPES, ...ERRORS, ...names].toSorted())
  })

  it('can be imported where there is no page, for rendering on a server', async () => {
    for (const name of ['document', 'window', 'location', 'navigator', 'Worker', 'self']) {
      vi.stubGlobal(name, undefined)
    }
    await expect(import('../src/index.ts')).resolves.toBeDefined()
  })

  it('does nothing when it is imported', async () => {
    const touched: string[] = []
    const watched = (name: string): object =>
      new Proxy(
        {},
        {
          get: (_, key) => {
            touched.push(`${name}.${String(key)}`)
          },
        },
      )
    for (const name of ['document', 'location', 'navigator']) vi.stubGlobal(name, watched(name))
    vi.stubGlobal('fetch', () => touched.push('fetch'))
    await import('../src/index.ts')
    expect(touched).toEqual([])
  })
})

describe('"holdall/core"', () => {
  it('exports these values', async () => {
    expect(Object.keys(await import('../src/core.ts')).toSorted()).toEqual([
      'HoldallError',
      'archiveLength',
      'crc32',
      'encodeArchive',
      'isHoldallError',
      'planArchive',
      'zipResponse',
      'zipStream',
    ])
  })

  it('exports these names, with types', async () => {
    const names = [
      ...['ArchiveEncoder', 'ArchivePlan', 'Checkpoint', 'Content', 'EncodeOptions', 'EntryInput'],
      ...['BufferPool', 'CheckpointDelta', 'Received'],
      ...[
        'OpenContent',
        'Missing',
        'Omission',
        'Opened',
        'PlanOptions',
        'PlannedEntry',
        'StreamOptions',
      ],
      ...['archiveLength', 'crc32'],
      ...['encodeArchive', 'planArchive', 'zipResponse', 'zipStream'],
    ]
    expect(await declared('core.ts')).toEqual([...FILE_TYPES, ...ERRORS, ...names].toSorted())
  })
})

describe('"holdall/service-worker"', () => {
  it('exports functions for the listeners of another, and listens to messages', async () => {
    const heard: string[] = []
    vi.stubGlobal('self', { addEventListener: (type: string) => heard.push(type) })
    vi.stubGlobal('navigator', { userAgent: '' })
    const entry = await import('../src/service-worker.ts')
    expect(Object.keys(entry)).toEqual(['answerDownload', 'downloadsEnded'])
    expect(heard).toEqual(['message'])
  })

  it('is all that the ready-made one does, too', async () => {
    const heard: string[] = []
    vi.stubGlobal('self', { addEventListener: (type: string) => heard.push(type) })
    vi.stubGlobal('navigator', { userAgent: '' })
    expect(Object.keys(await import('../src/sw/standalone.ts'))).toEqual([])
    expect(heard.toSorted()).toEqual(['fetch', 'install', 'message'])
  })
})

describe('"holdall/widget"', () => {
  const names = [
    ...['Files', 'HoldallDownloadElement', 'HoldallDownloadEventMap', 'HoldallDownloadListeners'],
    ...['HoldallDownloadProps', 'WidgetJob', 'WidgetState', 'WidgetText'],
  ]
  /** A registry as browsers have one. */
  function registry(known?: unknown) {
    return { get: () => known, define: vi.fn<(name: string, element: unknown) => void>() }
  }

  it('registers the element, once', async () => {
    const elements = registry()
    vi.stubGlobal('customElements', elements)
    const { HoldallDownloadElement, ...rest } = await import('../src/widget.ts')
    expect(rest).toEqual({})
    expect(elements.define.mock.calls).toEqual([['holdall-download', HoldallDownloadElement]])
  })

  it('leaves the element of another copy as it is', async () => {
    const elements = registry(class {})
    vi.stubGlobal('customElements', elements)
    await import('../src/widget.ts')
    expect(elements.define).not.toHaveBeenCalled()
  })

  it('can be imported where there is no page, for rendering on a server', async () => {
    for (const name of ['document', 'window', 'navigator', 'customElements', 'HTMLElement']) {
      vi.stubGlobal(name, undefined)
    }
    await expect(import('../src/widget.ts')).resolves.toBeDefined()
  })

  it('exports these names, with types, as "holdall/widget-element" does, which registers nothing', async () => {
    const elements = registry()
    vi.stubGlobal('customElements', elements)
    const entry = await import('../src/widget-element.ts')
    expect(Object.keys(entry)).toEqual(['HoldallDownloadElement'])
    expect(elements.define).not.toHaveBeenCalled()
    expect(await declared('widget-element.ts')).toEqual(names)
    expect(await declared('widget.ts')).toEqual(names)
  })
})

describe('"holdall/bundle"', () => {
  it('exports these values', async () => {
    expect(Object.keys(await import('../src/bundle.ts')).toSorted()).toEqual([
      'exportBundle',
      'importBundle',
    ])
  })

  it('exports these names, with types', async () => {
    const types = ['BundleDescription', 'BundleOptions', 'BundleRoute', 'BundleWarning']
    const imports = [
      'BundleSource',
      'ImportLimits',
      'ImportOptions',
      'ImportProgress',
      'ImportReport',
    ]
    expect(await declared('bundle.ts')).toEqual(
      [
        ...[...types, ...imports, 'BundledResponse', 'ImportWarning', 'PrecacheEntry'],
        ...['exportBundle', 'importBundle'],
      ].toSorted(),
    )
  })

  it('can be imported where there is no page, for rendering on a server', async () => {
    for (const name of ['document', 'window', 'location', 'navigator', 'caches']) {
      vi.stubGlobal(name, undefined)
    }
    await expect(import('../src/bundle.ts')).resolves.toBeDefined()
  })
})

describe('"holdall/vite"', () => {
  it('exports the plugin', async () => {
    expect(Object.keys(await import('../src/vite.ts'))).toEqual(['holdall'])
  })
})
