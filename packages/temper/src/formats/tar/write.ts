import { TemperError } from '../../base/error.ts'
import type { EntryType, FileEntry } from '../../model/package/package-content.ts'
import { blockSize, checksums, fields, paddingOf, type TarField } from './block.ts'
import { formatPax, type PaxRecord } from './pax.ts'

const typeFlags: Readonly<Record<EntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
}

/** The two blocks of zeros that end an archive. Not to be written to. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockSize)

/** The zeros that follow `size` bytes of content up to a whole block; empty when none are needed. */
export function tarPadding(size: number): Uint8Array {
  return tarEnd.subarray(0, paddingOf(size))
}

/**
 * The header of an entry: one ustar block when everything fits; else preceded by a PAX extended header that holds
 * only what does not fit, sorted by key. Equal entries give equal bytes.
 *
 * Owner and group names are written when the entry has them and left empty otherwise, which leaves the decision to
 * the caller: in layers they stay empty, since readers would prefer them to the ids. The extended header carries the
 * entry's time and no other attributes, so that nothing else gets in.
 */
export function encodeTarHeader(entry: FileEntry): Uint8Array {
  const path = entry.type === 'directory' ? `${entry.path}/` : entry.path
  for (const text of [path, entry.target, entry.userName, entry.groupName]) {
    if (text?.includes('\0')) throw unwritable(entry, 'a name contains a NUL')
  }
  const records: PaxRecord[] = []
  const block = Buffer.alloc(blockSize)
  writePath(block, path, records)
  writeText(block, { field: 'linkName', key: 'linkpath', text: entry.target ?? '' }, records)
  writeText(block, { field: 'userName', key: 'uname', text: entry.userName ?? '' }, records)
  writeText(block, { field: 'groupName', key: 'gname', text: entry.groupName ?? '' }, records)
  if ((entry.mode & 0o7777) !== entry.mode) throw unwritable(entry, `wrong mode ${entry.mode}`)
  writeOctal(block, fields.mode, entry.mode)
  for (const key of ['uid', 'gid', 'size', 'mtime'] as const) {
    const value = key === 'size' && entry.type !== 'file' ? 0 : entry[key]
    if (!Number.isSafeInteger(value) || (value < 0 && key !== 'mtime'))
      throw unwritable(entry, `wrong ${key}`)
    if (!writeOctal(block, fields[key], value)) records.push({ key, value: Buffer.from(String(value)) })
  }
  writeDevice(block, entry)
  for (const [name, value] of Object.entries(entry.xattrs ?? {})) {
    if (name === '' || /[=\0]/.test(name))
      throw unwritable(entry, `the attribute name ${JSON.stringify(name)}`)
    records.push({ key: `SCHILY.xattr.${name}`, value: Buffer.from(value, 'base64') })
  }
  finish(block, typeFlags[entry.type])
  return records.length === 0 ? block : Buffer.concat([encodePaxHeader(records), block])
}

/**
 * Records as a PAX extended header of their own, before the entry that they are about; its name, a fixed one, is seen only
 * by tools that know no PAX.
 */
export function encodePaxHeader(records: PaxRecord[]): Buffer {
  const body = formatPax(records.sort((a, b) => (a.key < b.key ? -1 : 1)))
  const block = Buffer.alloc(blockSize)
  block.write('././@PaxHeader', fields.name[0], 'latin1')
  writeOctal(block, fields.mode, 0o644)
  writeOctal(block, fields.uid, 0)
  writeOctal(block, fields.gid, 0)
  writeOctal(block, fields.size, body.length)
  writeOctal(block, fields.mtime, 0)
  finish(block, 'x')
  return Buffer.concat([block, body, tarPadding(body.length)])
}

function writePath(block: Buffer, path: string, records: PaxRecord[]): void {
  const [nameAt, nameLength] = fields.name
  const [prefixAt, prefixLength] = fields.prefix
  const ascii = isAscii(path)
  if (ascii && path.length <= nameLength) {
    block.write(path, nameAt, 'latin1')
    return
  }
  // The first slash that leaves a name short enough; one at the very end separates nothing.
  const slash = ascii ? path.indexOf('/', path.length - nameLength - 1) : -1
  if (slash > 0 && slash <= prefixLength && slash < path.length - 1) {
    block.write(path.slice(0, slash), prefixAt, 'latin1')
    block.write(path.slice(slash + 1), nameAt, 'latin1')
    return
  }
  records.push({ key: 'path', value: Buffer.from(path) })
  block.write(stand(path).slice(0, nameLength), nameAt, 'latin1')
}

function writeText(
  block: Buffer,
  { field, key, text }: { field: 'linkName' | 'userName' | 'groupName'; key: string; text: string },
  records: PaxRecord[],
): void {
  if (text === '') return
  const [offset, length] = fields[field]
  // Names of owners need their NUL (POSIX, ustar); link names do not.
  if (!isAscii(text) || text.length > (field === 'linkName' ? length : length - 1)) {
    records.push({ key, value: Buffer.from(text) })
    if (field !== 'linkName') return
  }
  block.write(stand(text).slice(0, length), offset, 'latin1')
}

/** What stands in the ustar field when the name itself is in a PAX record. */
function stand(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '_')
}

function writeDevice(block: Buffer, entry: FileEntry): void {
  const { major, minor } = entry.device ?? { major: 0, minor: 0 }
  if (!writeOctal(block, fields.deviceMajor, major) || !writeOctal(block, fields.deviceMinor, minor)) {
    throw unwritable(entry, `the device number ${major}:${minor}`)
  }
}

/** Digits, zero-filled, and a NUL; false (and zero written) when the value does not fit. */
function writeOctal(block: Buffer, [offset, length]: TarField, value: number): boolean {
  const fits = Number.isSafeInteger(value) && value >= 0 && value < 8 ** (length - 1)
  block.write((fits ? value : 0).toString(8).padStart(length - 1, '0'), offset, 'latin1')
  return fits
}

function finish(block: Buffer, typeFlag: string): void {
  block.write(typeFlag, fields.typeFlag[0], 'latin1')
  block.write('ustar\x0000', fields.magic[0], 'latin1')
  const sum = checksums(block).unsigned
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, fields.checksum[0], 'latin1')
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function unwritable(entry: FileEntry, reason: string): TemperError {
  return new TemperError('internal', `Cannot write ${JSON.stringify(entry.path)} to a tar archive: ${reason}`)
}
