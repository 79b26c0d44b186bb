import { crc32, deflateRawSync } from 'node:zlib'
import type { ArchiveFile } from './tar.ts'

/** 1980-01-01, the first day that there is in a zip archive. */
const firstDay = 0x21
const deflated = 8
/** Names are UTF-8 (APPNOTE.TXT, 4.4.4, bit 11). */
const utf8 = 0x800

/**
 * Files as a zip archive (PKWARE's APPNOTE.TXT, 4.3), without times, so that the same files give the same bytes. At most 65,535 of them and 4
 * GiB: throws RangeError for more.
 */
export function zip(files: readonly ArchiveFile[]): Uint8Array {
  if (files.length > 0xffff) throw new RangeError(`${files.length} files are too many for a zip archive`)
  const parts: Uint8Array[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const { path, content } of files) {
    const name = Buffer.from(path)
    const packed = deflateRawSync(content)
    const common = commonOf({ name, packed, content })
    const local = Buffer.concat([words(0x0403_4b50), common, name])
    parts.push(local, packed)
    // Made by Unix, with the mode of a file.
    const attributes = Buffer.concat([Buffer.alloc(6), words((0o100644 << 16) >>> 0, offset)])
    entries.push(Buffer.concat([words(0x0201_4b50), halves(0x0314), common, attributes, name]))
    offset += local.length + packed.length
    if (offset > 0xffff_ffff) throw new RangeError('more than 4 GiB are too much for a zip archive')
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.concat([
    ...[words(0x0605_4b50), halves(0, 0, files.length, files.length)],
    ...[words(directory.length, offset), halves(0)],
  ])
  return Buffer.concat([...parts, directory, end])
}

/** What stands both before a file and in the directory: version to the length of its extra field. */
function commonOf({
  name,
  packed,
  content,
}: {
  readonly name: Buffer
  readonly packed: Buffer
  readonly content: Uint8Array
}): Buffer {
  return Buffer.concat([
    ...[halves(20, utf8, deflated, 0, firstDay), words(crc32(content), packed.length, content.length)],
    halves(name.length, 0),
  ])
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at)
  return bytes
}

function halves(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value, 2 * at)
  return bytes
}
