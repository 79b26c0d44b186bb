import type { ByteStream } from '../../base/bytes.ts'
import { InputWindow } from '../bytes/input-window.ts'
import { type DecompressOptions, decoded } from '../compress/decompress-fault.ts'
import { Malformed } from '../compress/malformed.ts'
import { BitReader } from './bits.ts'
import { readBlock } from './block.ts'
import { textOf } from './text.ts'

/** More than the compressed form of any block: 900,002 symbols of 20 bits, and the tables before them. */
const largestBlock = 2_500_000
const blockMagic = '314159265359'
const endMagic = '177245385090'

/**
 * Decompresses bzip2, any number of streams as one; each checksum is checked. Damaged or cut off data and anything
 * after the last stream are errors (`bad-archive`). Holds one block at a time, about 6 MB.
 */
export function decompressBzip2(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const input = new InputWindow(source)
  return decoded('bzip2', readStreams(input), { ...options, input })
}

async function* readStreams(input: InputWindow): AsyncGenerator<Uint8Array> {
  let first = true
  while ((await input.fill(4)) > 0 || first) {
    if (!isStart(input))
      throw new Malformed(first ? 'it does not begin as bzip2 data do' : 'other bytes follow')
    first = false
    const level = input.next() - 0x30
    if (level < 1 || level > 9) throw new Malformed('a block size that does not exist')
    yield* readStream(input, level * 100_000)
  }
}

function isStart(input: InputWindow): boolean {
  return [...'BZh'].every((letter) => input.next() === letter.charCodeAt(0))
}

async function* readStream(input: InputWindow, blockSize: number): AsyncGenerator<Uint8Array> {
  const bits = new BitReader(input)
  const table = new Uint32Array(blockSize)
  let combined = 0
  while (true) {
    await input.fill(largestBlock)
    const magic = bits.magic()
    const stated = bits.word()
    if (magic === endMagic) {
      if (stated !== combined) throw new Malformed('the checksum of the whole does not match')
      return bits.align()
    }
    if (magic !== blockMagic) throw new Malformed('no block begins where one is due')
    const checksum = yield* textOf(readBlock(bits, table))
    if (checksum !== stated) throw new Malformed('the checksum of a block does not match')
    combined = (((combined << 1) | (combined >>> 31)) ^ checksum) >>> 0
  }
}
