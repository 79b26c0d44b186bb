import type { Block } from './block.ts'

const chunkSize = 128 * 1024

/** CRC-32 of bzip2: polynomial 0x04c11db7, highest bit first. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value
})

/** The text of a block, in chunks; returns its checksum. Four equal bytes are followed by a count of further ones. */
export function* textOf({ table, size, origin }: Block): Generator<Uint8Array, number> {
  let chunk = new Uint8Array(chunkSize)
  let length = 0
  let checksum = 0xffffffff
  let position = (table[origin] ?? 0) >>> 8
  let last = -1
  let equal = 0
  for (let i = 0; i < size; i++) {
    const entry = table[position] ?? 0
    const byte = entry & 0xff
    position = entry >>> 8
    const value = equal === 4 ? last : byte
    let count = equal === 4 ? byte : 1
    equal = equal === 4 ? 0 : byte === last ? equal + 1 : 1
    last = equal === 0 ? -1 : byte
    for (; count > 0; count--) {
      chunk[length++] = value
      checksum = (checksum << 8) ^ (remainders[(checksum >>> 24) ^ value] ?? 0)
      if (length < chunkSize) continue
      yield chunk
      chunk = new Uint8Array(chunkSize)
      length = 0
    }
  }
  yield chunk.subarray(0, length)
  return ~checksum >>> 0
}
