/** What a caller may ask for, and what is left of it after parsing. */

import type { NameWarning } from '../zip/names.ts'
import type { OnError } from '../zip/plan.ts'

/**
 * Content held in memory, or a stream of it. A job that fails or is cancelled when it runs cancels all its streams; before
 * that they are left as they were.
 */
export type Data = Blob | ArrayBuffer | ArrayBufferView | string | ReadableStream<Uint8Array>

/**
 * Content, or a function that gives it when its turn comes: called once for each archive made. It may give a response,
 * too; one that is not `ok` fails the file.
 */
export type DataOrThunk = Data | (() => Data | Response | Promise<Data | Response>)

/**
 * What TypeScript knows of a global class: nothing in projects without the `DOM` library, as those of Node are. By its
 * name it would be an error there, or, with `skipLibCheck`, be `any`, and so would be all that it is a part of.
 */
type InstanceOf<Name extends string> =
  typeof globalThis extends Record<Name, { prototype: infer Instance }> ? Instance : never

type FileHandle = InstanceOf<'FileSystemFileHandle'>
type DirectoryHandle = InstanceOf<'FileSystemDirectoryHandle'>

interface EntryFields {
  /**
   * Path inside the archive, `/` between its parts. Made safe and unique; what was changed is
   * reported as a warning. Default: the last part of the URL, or the file's own name.
   */
  readonly name?: string
  /** Exact size in bytes. With the sizes of all files known, so is the archive's length. */
  readonly size?: number
  /** SHA-256 of the content in hexadecimal: other bytes fail the file. */
  readonly sha256?: string
  /** CRC-32 of the content. With the size it makes the entry readable by every streaming reader. */
  readonly crc32?: number
  /** Modification time; numbers are ms since 1970. Default: the file's own, else when the job was made. */
  readonly lastModified?: Date | number | string
  /** POSIX permission bits. Default: `0o644`, and `0o755` for directories. */
  readonly mode?: number
  /** Comment on the entry, in the archive's directory. */
  readonly comment?: string
}

/** A file to be fetched. */
export interface UrlFile extends EntryFields {
  readonly url: string | URL
  /** Request headers; sent to the URL's own origin alone. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: `same-origin`. */
  readonly credentials?: 'include' | 'omit' | 'same-origin'
  /**
   * Subresource Integrity. The browser then holds the whole file back until it is checked, and tells nobody why it
   * failed. Not every runtime has it; `sha256` is compared in all.
   */
  readonly integrity?: string
  readonly referrerPolicy?:
    | ''
    | 'no-referrer'
    | 'no-referrer-when-downgrade'
    | 'origin'
    | 'origin-when-cross-origin'
    | 'same-origin'
    | 'strict-origin'
    | 'strict-origin-when-cross-origin'
    | 'unsafe-url'
  /**
   * Entity tag that the file must have, weak or strong, with its quotes or without. One that cannot be read fails the file: other origins must
   * expose it (`Access-Control-Expose-Headers: ETag`). With `crc32` or `sha256`, it need not be there.
   */
  readonly etag?: string
  /**
   * Name of the cache (Cache Storage) that the file is read from, by its URL: nothing is fetched. With
   * `headers`, the response whose `Vary` fits them; else any of that URL.
   */
  readonly cache?: string
}

/** A file whose content the page has, or makes. */
export interface DataFile extends EntryFields {
  readonly data: DataOrThunk
}

/** A file, or a folder with all it holds, that the user picked. */
export interface HandleFile extends EntryFields {
  readonly handle: FileHandle | DirectoryHandle
}

/** A folder, empty or not. Folders that hold files need not be listed. */
export interface DirectoryEntry extends EntryFields {
  readonly name: string
  readonly directory: true
}

/** A symbolic link to a relative path that stays inside the archive. */
export interface SymlinkEntry extends EntryFields {
  readonly name: string
  readonly symlink: string
}

/** One file to pack. A string is a URL. */
export type FileInput =
  | string
  | URL
  | Blob
  | FileHandle
  | DirectoryHandle
  | UrlFile
  | DataFile
  | HandleFile
  | DirectoryEntry
  | SymlinkEntry

/** The files to pack: any iterable, or the URL of a manifest in JSON (`{ "files": [ … ] }`). */
export type FilesInput =
  | readonly FileInput[] // first: what compilers complain of is then the file that is wrong
  | Iterable<FileInput>
  | AsyncIterable<FileInput>
  | URL
  | string

/**
 * How an entry whose CRC-32 is unknown when its header is written tells its end.
 *
 * `store`: as it is, with a data descriptor. `deflate-stored`: the same in uncompressed DEFLATE
 * blocks, which streaming readers can follow (5 bytes for each 65,535). `auto`: the latter.
 * Entries with a known CRC-32 and size need neither; see docs/output.md.
 */
export type FramingOption = 'auto' | 'store' | 'deflate-stored'

/** How patient a job is with sources over a network. */
export interface RetryOptions {
  /**
   * Attempts in a row that bring no byte, before the file fails; or where it has to be read again from its start, less
   * than a 16th of that. Default: 5.
   */
  readonly attempts?: number
  /** How long nothing may come of a request or a body before it counts as broken, in ms. Default: 30,000. */
  readonly silence?: number
  /** The wait before the second attempt, in ms; it doubles with each further one. Default: 500. */
  readonly delay?: number
}

/** What a job may be told about the archive. */
export interface ArchiveOptions {
  /** Two files of one name (also when only case or Unicode form differs). Default: `'rename'`. */
  readonly duplicates?: 'rename' | 'error'
  /**
   * What becomes of a file that cannot be had, when it has been tried as long as `retry` says. `abort`
   * fails the archive. `skip` leaves the file out, and puts `holdall-report.txt` at the end of the
   * archive, which names each that is missing and why. `placeholder` puts a text in its place,
   * `NAME.error.txt`. A file of which a part is in the archive already cannot be taken back: then the
   * archive fails in any case. With the latter two, its length is not known beforehand, as it is for
   * `abort`. Default: `'abort'`.
   */
  readonly onError?: OnError
  /** Default: `'auto'`. */
  readonly framing?: FramingOption
  /** Comment on the archive. */
  readonly comment?: string
  /**
   * Requests at once to one origin. Default: 6, and on HTTP/2 and 3 from 24 on as many as make it
   * faster.
   */
  readonly concurrency?: number
  /**
   * What to do about files whose size is not given: ask their servers first (`HEAD`, or a request for
   * one byte), so that the archive's exact length is known, and names and dates that were not given;
   * or begin without. Asking that fails costs only the length. Default: `'probe'` if fewer than
   * 1,000 sizes are missing, else `'as-given'`.
   */
  readonly sizes?: 'probe' | 'as-given'
  /** How long, and how often, sources over a network are tried. */
  readonly retry?: RetryOptions
  /** What relative URLs are relative to. Default: the page's base URL, or the script of a Web Worker; else none. */
  readonly baseURL?: string | URL
}

/** Something that was put right, for the user to know. */
export type Warning = NameWarning | BundleWarning

/** What a bundle cannot do for its readers. */
export interface BundleWarning {
  /**
   * `bundle-left-out`: it is not in the bundle. `bundle-needs-server`: a page whose scripts browsers run
   * from a server alone. `bundle-not-rendered`: a page that is in it as it was fetched.
   * `bundle-not-rewritten`: a file whose links still lead to the site.
   */
  readonly code:
    | 'bundle-left-out'
    | 'bundle-needs-server'
    | 'bundle-not-rendered'
    | 'bundle-not-rewritten'
  readonly message: string
  readonly url: string
}

/** A file to be fetched, checked: its URL is absolute. */
export interface UrlSource extends Pick<
  UrlFile,
  'headers' | 'credentials' | 'integrity' | 'referrerPolicy' | 'etag'
> {
  readonly type: 'url'
  readonly url: string
}

/** A response in Cache Storage, checked: any thread of the origin can read it. */
export interface CachedSource extends Pick<UrlFile, 'headers'> {
  readonly type: 'cached'
  readonly url: string
  readonly cache: string
}

/** Where the bytes of an entry come from, checked. */
export type SourceInput =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'blob'; readonly blob: Blob }
  | { readonly type: 'handle'; readonly handle: FileHandle }
  | { readonly type: 'unreadable'; readonly why: string }
  | { readonly type: 'stream'; readonly stream: ReadableStream<Uint8Array> }
  | { readonly type: 'thunk'; readonly open: Exclude<DataOrThunk, Data> }
  | UrlSource
  | CachedSource

/** One file of the manifest, checked: what the plan is made from, and where its bytes come from. */
export interface ManifestFile {
  readonly kind: 'file' | 'directory' | 'symlink'
  /** As asked for: not yet made safe or unique. */
  readonly name: string
  /** Whether the name was taken from the URL's path, for want of a better. */
  readonly guessedName?: boolean | undefined
  /** In bytes. */
  readonly size?: number | undefined
  /** What its server says of its size, to be trusted or not: good for what is read ahead, and for nothing else. */
  readonly likelySize?: number | undefined
  readonly crc32?: number | undefined
  /** 64 hexadecimal digits, in lower case. */
  readonly sha256?: string | undefined
  /** Milliseconds since 1970. */
  readonly lastModified?: number | undefined
  readonly mode?: number | undefined
  readonly comment?: string | undefined
  /** Whether it is to be read before its header is written. Default: as its size and source say. */
  readonly whole?: boolean
  /** Absent for directories. */
  readonly source?: SourceInput | undefined
}
