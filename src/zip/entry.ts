/** What may be asked of an entry. */

/** One entry, as asked for. */
export interface EntryInput {
  /** Path in the archive; made safe and unique. One that ends in `/` is a directory's. */
  readonly name: string
  /** Default: `'file'`. A symlink's content is its target. */
  readonly kind?: 'file' | 'directory' | 'symlink'
  /** In bytes. Default: unknown. */
  readonly size?: number | undefined
  /** Default: unknown. */
  readonly crc32?: number | undefined
  /**
   * Whether the source gives the content in one piece (it is in memory, say), so that its CRC-32 can
   * go before it. Takes a `size`. Default: false.
   */
  readonly whole?: boolean | undefined
  /** Milliseconds since 1970. Default: `now`. */
  readonly lastModified?: number | undefined
  /** POSIX permission bits. Default: 0o644 for files, 0o755 for directories, 0o777 for symlinks. */
  readonly mode?: number | undefined
  readonly comment?: string | undefined
}
