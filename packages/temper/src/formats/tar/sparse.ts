import type { ByteStream } from '../../base/bytes.ts'
import type { ByteCursor } from '../bytes/byte-cursor.ts'
import type { Section } from '../bytes/section.ts'
import { blockSize, fields, parseNumber, type TarField } from './block.ts'
import type { PaxSparse } from './extended.ts'
import { damaged, type TarPlace, tooMuch, truncated } from './fault.ts'

/** The parts of a sparse file that are stored, in order; everything else up to `size` is zeros. */
export interface SparseMap {
  readonly parts: readonly { readonly offset: number; readonly length: number }[]
  /** Bytes of the file with its holes. */
  readonly size: number
  /** Bytes of `stored` that the map itself took (format 1.0). */
  readonly mapBytes: number
}

const mostParts = 100_000

/** Checks that the parts ascend, lie within the file, and add up to what is stored. */
function checkedMap(
  map: { readonly numbers: readonly number[]; readonly size: number; readonly mapBytes: number },
  stored: number,
  place: TarPlace,
): SparseMap {
  if (map.numbers.length % 2 !== 0) throw damaged(place, 'the map of a sparse file is incomplete')
  const parts: { offset: number; length: number }[] = []
  let end = 0
  let total = map.mapBytes
  for (let i = 0; i < map.numbers.length; i += 2) {
    const offset = map.numbers[i] as number
    const length = map.numbers[i + 1] as number
    if (offset < end || offset + length > map.size) {
      throw damaged(place, 'the map of a sparse file has parts that overlap or lie outside')
    }
    end = offset + length
    total += length
    if (length > 0) parts.push({ offset, length })
  }
  if (total !== stored) throw damaged(place, 'the map of a sparse file does not fit its stored bytes')
  return { parts, size: map.size, mapBytes: map.mapBytes }
}

/** Old GNU format (type flag S): four pairs in the header, then blocks of 21 pairs while a flag says so. */
export async function readOldGnuMap(
  block: Buffer,
  options: { readonly cursor: ByteCursor; readonly stored: number; readonly place: TarPlace },
): Promise<SparseMap> {
  const { cursor, stored, place } = options
  const numbers: number[] = []
  const size = parseNumber(block, fields.sparseRealSize)
  if (size === undefined || size < 0) throw damaged(place, 'the size of a sparse file is wrong')
  readPairs(block, { start: fields.sparseMap[0], pairs: 4 }, numbers, place)
  let more = block[fields.sparseExtended[0]] !== 0
  while (more) {
    const next = await cursor.read(blockSize)
    if (next.length < blockSize) throw truncated(place)
    readPairs(next, { start: 0, pairs: 21 }, numbers, place)
    if (numbers.length > 2 * mostParts) throw tooMuch(place, 'a sparse file has too many parts')
    more = next[504] !== 0
  }
  return checkedMap({ numbers, size, mapBytes: 0 }, stored, place)
}

function readPairs(
  block: Buffer,
  table: { readonly start: number; readonly pairs: number },
  numbers: number[],
  place: TarPlace,
): void {
  for (let i = 0; i < table.pairs; i++) {
    const at = table.start + i * 24
    if (block[at] === 0 && block[at + 12] === 0) return
    for (const field of [
      [at, 12],
      [at + 12, 12],
    ] satisfies TarField[]) {
      const value = parseNumber(block, field)
      if (value === undefined || value < 0) throw damaged(place, 'the map of a sparse file is wrong')
      numbers.push(value)
    }
  }
}

/** PAX formats: 0.0 and 0.1 have the map in records, 1.0 before the stored bytes. */
export async function readPaxMap(
  sparse: PaxSparse,
  options: { readonly cursor: ByteCursor; readonly stored: number; readonly place: TarPlace },
): Promise<SparseMap> {
  const { cursor, stored, place } = options
  const size = sparse.realSize
  if (size === undefined) throw damaged(place, 'a sparse file does not say its size')
  if ((sparse.major ?? 0) > 1) throw damaged(place, 'this format of sparse files is not supported')
  if (sparse.major !== 1) return checkedMap({ numbers: sparse.numbers, size, mapBytes: 0 }, stored, place)
  const { numbers, mapBytes } = await readLeadingMap(cursor, { stored, place })
  return checkedMap({ numbers, size, mapBytes }, stored, place)
}

/** Decimal numbers, one a line: how many pairs, then the pairs; filled up to whole blocks. */
async function readLeadingMap(
  cursor: ByteCursor,
  options: { readonly stored: number; readonly place: TarPlace },
): Promise<{ numbers: number[]; mapBytes: number }> {
  const { stored, place } = options
  const numbers: number[] = []
  let wanted = 1
  let digits = ''
  let mapBytes = 0
  while (numbers.length < wanted) {
    if (mapBytes + blockSize > stored) throw damaged(place, 'the map of a sparse file is cut off')
    const block = await cursor.read(blockSize)
    if (block.length < blockSize) throw truncated(place)
    mapBytes += blockSize
    for (let i = 0; i < blockSize && numbers.length < wanted; i++) {
      const byte = block[i] as number
      if (byte !== 0x0a) digits += String.fromCharCode(byte)
      if (digits.length > 16) throw damaged(place, 'the map of a sparse file is wrong')
      if (byte !== 0x0a) continue
      if (!/^[0-9]+$/.test(digits)) throw damaged(place, 'the map of a sparse file is wrong')
      numbers.push(Number(digits))
      digits = ''
      if (numbers.length === 1) wanted = 1 + 2 * (numbers[0] as number)
      if (wanted > 2 * mostParts) throw tooMuch(place, 'a sparse file has too many parts')
    }
  }
  return { numbers: numbers.slice(1), mapBytes }
}

const zeros = Buffer.alloc(65536)

/** The content of the file: stored parts from `stored`, with zeros between them. */
export async function* expandSparse(
  stored: Section,
  map: SparseMap,
): ByteStream & AsyncGenerator<Uint8Array> {
  let at = 0
  let chunk: Uint8Array = Buffer.alloc(0)
  for (const part of map.parts) {
    for (; at < part.offset; ) {
      const hole = zeros.subarray(0, Math.min(zeros.length, part.offset - at))
      at += hole.length
      yield hole
    }
    for (let left = part.length; left > 0; ) {
      if (chunk.length === 0) chunk = (await stored.next()).value ?? chunk
      const bytes = chunk.subarray(0, left)
      chunk = chunk.subarray(bytes.length)
      left -= bytes.length
      at += bytes.length
      yield bytes
    }
  }
  while (at < map.size) {
    const hole = zeros.subarray(0, Math.min(zeros.length, map.size - at))
    at += hole.length
    yield hole
  }
}
