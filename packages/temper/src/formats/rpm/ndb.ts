import { badDatabase, blobLimit, packageLimit, tooManyPackages } from './fault.ts'

const [headerMagic, slotMagic, blobMagic] = ['RpmP', 'Slot', 'BlbS']
const slotSize = 16
const blockSize = 16
const pageSize = 4096
/** The file's own header takes the place of the first slots. */
const headerSize = 32

/**
 * The headers in a `Packages.db`, the format that SUSE uses (rpm, lib/backend/ndb/rpmpkg.c): pages of slots, each of
 * which names a range of blocks that starts with a small header of its own. Errors: `bad-archive`, `limit-exceeded`.
 */
export function* readNdb(file: Uint8Array, what: string): Generator<Uint8Array, undefined, undefined> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  if (bytes.length < headerSize || bytes.toString('latin1', 0, 4) !== headerMagic)
    throw badDatabase(what, 'it has no header')
  if (bytes.readUInt32LE(4) !== 0) throw badDatabase(what, `version ${bytes.readUInt32LE(4)} is not known`)
  const slotEnd = bytes.readUInt32LE(12) * pageSize
  if (slotEnd > bytes.length) throw badDatabase(what, 'it is cut off')
  let count = 0
  for (let at = headerSize; at + slotSize <= slotEnd; at += slotSize) {
    if (bytes.toString('latin1', at, at + 4) !== slotMagic) throw badDatabase(what, 'a slot is damaged')
    const index = bytes.readUInt32LE(at + 4)
    if (index === 0) continue
    if (++count > packageLimit) throw tooManyPackages(what)
    yield blobAt(bytes, { offset: bytes.readUInt32LE(at + 8) * blockSize, index, what })
  }
}

function blobAt(
  bytes: Buffer,
  { offset, index, what }: { readonly offset: number; readonly index: number; readonly what: string },
): Uint8Array {
  const start = offset + 16
  if (start > bytes.length) throw badDatabase(what, 'it is cut off')
  const size = bytes.readUInt32LE(offset + 12)
  if (bytes.toString('latin1', offset, offset + 4) !== blobMagic || bytes.readUInt32LE(offset + 4) !== index)
    throw badDatabase(what, `the header of package ${index} is not where its slot says`)
  if (size > blobLimit || start + size > bytes.length) throw badDatabase(what, 'it is cut off')
  return bytes.subarray(start, start + size)
}
