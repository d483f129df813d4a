/** The records of APPNOTE.TXT 6.3, one function each, one line per field, in file order. */

import type { RecordWriter } from './record-writer.ts'
import { unixTimestamp } from './timestamp.ts'

/**
 * How an entry tells a reader where its data ends and what its CRC-32 is.
 *
 * - `sized`: both stand in the local header, before the data.
 * - `store`: in a data descriptor after the data, which is stored as it is.
 * - `deflate-stored`: likewise, the data in DEFLATE's stored blocks, which mark their own end.
 */
export type Framing = 'sized' | 'store' | 'deflate-stored'

/** What the records say of an entry, but for what is known only when its bytes have passed. */
export interface EntryHeader {
  /** Path in the archive; a directory's ends in `/`. */
  readonly name: string
  readonly kind: 'file' | 'directory' | 'symlink'
  readonly framing: Framing
  /** Whether its sizes take 64 bits: they need them, or are not known beforehand. */
  readonly zip64: boolean
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** The same in DOS local time; settled once, so that a change of time zone changes no record. */
  readonly dosTimestamp: number
  /** POSIX permission bits. */
  readonly mode: number
  readonly comment: string
}

/** The values that a field of 32 (16) bits leaves to its 64-bit double when it holds this. */
export const MAX_32 = 0xffff_ffff
export const MAX_16 = 0xffff

/** Data bytes in a full stored block of DEFLATE (RFC 1951 §3.2.4), and the header before them. */
export const STORED_BLOCK = 65_535
export const STORED_BLOCK_HEADER = 5

/** More bytes than any record takes beside its name and comment. */
export const HEADER_ROOM = 128

/** Bytes that `size` bytes take in the archive. */
export function compressedSize(framing: Framing, size: number): number {
  return framing === 'deflate-stored'
    ? size + STORED_BLOCK_HEADER * Math.max(1, Math.ceil(size / STORED_BLOCK))
    : size
}

const FLAG_DATA_DESCRIPTOR = 1 << 3
const FLAG_UTF8 = 1 << 11

function flags({ framing }: EntryHeader): number {
  return framing === 'sized' ? FLAG_UTF8 : FLAG_UTF8 | FLAG_DATA_DESCRIPTOR
}

function method({ framing }: EntryHeader): number {
  return framing === 'deflate-stored' ? 8 : 0
}

/** §4.4.3.2: the lowest version that can read the entry; 2.0 for directories, DEFLATE, descriptors. */
function versionNeeded({ kind, framing }: EntryHeader, zip64: boolean): number {
  if (zip64) return 45
  return kind === 'directory' || framing !== 'sized' ? 20 : 10
}

/** Version 6.3 of the specification (UTF-8 names), on Unix: external attributes hold a POSIX mode. */
const VERSION_MADE_BY = (3 << 8) | 63

const FILE_TYPE = { file: 0o100000, directory: 0o040000, symlink: 0o120000 }
const DOS_DIRECTORY = 0x10

function externalAttributes({ kind, mode }: EntryHeader): number {
  const dos = kind === 'directory' ? DOS_DIRECTORY : 0
  return (((FILE_TYPE[kind] | mode) << 16) | dos) >>> 0
}

const EXTENDED_TIMESTAMP_LENGTH = 9

/** Extended timestamp (0x5455, Info-ZIP's extrafld.txt), the same in both headers. */
function extendedTimestamp(writer: RecordWriter, seconds: number): void {
  writer.u16(0x5455)
  writer.u16(5)
  writer.u8(1) // modification time only
  writer.u32(seconds >>> 0)
}

/** Signature of a local file header, with which every archive begins (APPNOTE 4.3.7). */
export const LOCAL_FILE_HEADER = 0x04034b50

/**
 * Local file header (§4.3.7), before the data.
 *
 * With a data descriptor to follow, the CRC-32 and sizes are zero here (§4.4.4). If they may need 64
 * bits, the sizes are 0xFFFFFFFF beside a ZIP64 field of zeros: macOS's Archive Utility reads
 * the descriptor as 32-bit without that field, and calls the archive damaged.
 */
export function localFileHeader(
  writer: RecordWriter,
  entry: EntryHeader,
  crc32: number,
  size: number,
): void {
  const { name, zip64, framing } = entry
  const known = framing === 'sized'
  const seconds = unixTimestamp(entry.lastModified)
  const extra = (zip64 ? 20 : 0) + (seconds === undefined ? 0 : EXTENDED_TIMESTAMP_LENGTH)

  writer.reserve(30 + name.length * 3 + extra)
  writer.u32(LOCAL_FILE_HEADER)
  writer.u16(versionNeeded(entry, zip64))
  writer.u16(flags(entry))
  writer.u16(method(entry))
  writer.u32(entry.dosTimestamp) // time, then date
  writer.u32(known ? crc32 : 0)
  writer.u32(zip64 ? MAX_32 : known ? size : 0) // compressed
  writer.u32(zip64 ? MAX_32 : known ? size : 0) // uncompressed
  const nameLength = writer.length
  writer.u16(0)
  writer.u16(extra)
  writer.patch16(nameLength, writer.utf8(name))
  if (zip64) {
    writer.u16(0x0001)
    writer.u16(16)
    writer.u64(known ? size : 0) // uncompressed: the other way round than above
    writer.u64(known ? size : 0) // compressed
  }
  if (seconds !== undefined) extendedTimestamp(writer, seconds)
}

/** Data descriptor (§4.3.9), after the data, with the signature that older readers insist on. */
export function dataDescriptor(
  writer: RecordWriter,
  { framing, zip64 }: EntryHeader,
  crc32: number,
  size: number,
): void {
  writer.reserve(24)
  writer.u32(0x08074b50)
  writer.u32(crc32)
  if (zip64) {
    writer.u64(compressedSize(framing, size))
    writer.u64(size)
  } else {
    writer.u32(compressedSize(framing, size))
    writer.u32(size)
  }
}

/**
 * Central directory header (§4.3.12).
 *
 * The ZIP64 field may leave out what fits 32 bits (§4.5.3), but Info-ZIP's unzip 6.0 loses its place
 * when it does: once one of the three values needs 64 bits, all three get them.
 */
export function centralDirectoryHeader(
  writer: RecordWriter,
  entry: EntryHeader,
  crc32: number,
  size: number,
  offset: number,
): void {
  const { name, comment, framing } = entry
  const zip64 = entry.zip64 || offset >= MAX_32
  const seconds = unixTimestamp(entry.lastModified)
  const extra = (zip64 ? 28 : 0) + (seconds === undefined ? 0 : EXTENDED_TIMESTAMP_LENGTH)

  writer.reserve(46 + name.length * 3 + extra + comment.length * 3)
  writer.u32(0x02014b50)
  writer.u16(VERSION_MADE_BY)
  writer.u16(versionNeeded(entry, zip64))
  writer.u16(flags(entry))
  writer.u16(method(entry))
  writer.u32(entry.dosTimestamp) // time, then date
  writer.u32(crc32)
  writer.u32(zip64 ? MAX_32 : compressedSize(framing, size))
  writer.u32(zip64 ? MAX_32 : size)
  const nameLength = writer.length
  writer.u16(0)
  writer.u16(extra)
  const commentLength = writer.length
  writer.u16(0)
  writer.u16(0) // disk number
  writer.u16(0) // internal attributes
  writer.u32(externalAttributes(entry))
  writer.u32(zip64 ? MAX_32 : offset)
  writer.patch16(nameLength, writer.utf8(name))
  if (zip64) {
    writer.u16(0x0001)
    writer.u16(24)
    writer.u64(size)
    writer.u64(compressedSize(framing, size))
    writer.u64(offset)
  }
  if (seconds !== undefined) extendedTimestamp(writer, seconds)
  if (comment !== '') writer.patch16(commentLength, writer.utf8(comment))
}

/** Where the central directory is, for the records at the end of the archive. */
export interface DirectoryLocation {
  readonly entries: number
  /** From the start of the archive to the first central directory header, in bytes. */
  readonly offset: number
  /** In bytes. */
  readonly size: number
}

/**
 * The end: the ZIP64 end of central directory record and its locator (§4.3.14, §4.3.15) where a
 * value needs them, then the end of central directory record (§4.3.16), which points to them by
 * holding no value of its own.
 */
export function endOfCentralDirectory(
  writer: RecordWriter,
  { entries, offset, size }: DirectoryLocation,
  comment: string,
): void {
  const zip64 = entries >= MAX_16 || offset >= MAX_32 || size >= MAX_32
  writer.reserve(56 + 20 + 22 + comment.length * 3)
  if (zip64) {
    writer.u32(0x06064b50)
    writer.u64(44) // bytes that follow in this record
    writer.u16(VERSION_MADE_BY)
    writer.u16(45)
    writer.u32(0) // this disk
    writer.u32(0) // the directory's disk
    writer.u64(entries) // on this disk
    writer.u64(entries)
    writer.u64(size)
    writer.u64(offset)

    writer.u32(0x07064b50)
    writer.u32(0) // disk of the record above
    writer.u64(offset + size) // its offset
    writer.u32(1) // disks in all
  }
  writer.u32(0x06054b50)
  writer.u16(0) // this disk
  writer.u16(0) // the directory's disk
  writer.u16(zip64 ? MAX_16 : entries) // on this disk
  writer.u16(zip64 ? MAX_16 : entries)
  writer.u32(zip64 ? MAX_32 : size)
  writer.u32(zip64 ? MAX_32 : offset)
  const commentLength = writer.length
  writer.u16(0)
  if (comment !== '') writer.patch16(commentLength, writer.utf8(comment))
}
