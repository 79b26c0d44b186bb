import type { ByteStream } from '../../base/bytes.ts'
import { InputWindow } from '../bytes/input-window.ts'
import { type DecompressOptions, decoded, tooLarge } from '../compress/decompress-fault.ts'
import { Malformed } from '../compress/malformed.ts'
import { Dictionary } from './dictionary.ts'
import { type LzmaProperties, SymbolReader } from './symbols.ts'

/** Bytes that come out at once. */
const chunkSize = 128 * 1024
/** More than the bytes that one symbol is read from. */
const largestSymbol = 32
/** Bytes that are at hand before symbols are read. */
const window = 256 * 1024
/** The largest dictionary that xz has for this format (-9) takes 64 MiB. */
const mostDictionary = 128 * 2 ** 20
const unknownSize = 2n ** 64n - 1n

/**
 * Decompresses the format of LZMA Utils (`.lzma`): properties, size of the dictionary, total size or an end marker,
 * and no checksum. Damaged or cut off data and anything after them are errors (`bad-archive`). Holds the dictionary,
 * whose size the data state, up to 128 MiB.
 */
export function decompressLzma(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const input = new InputWindow(source)
  return decoded('lzma', readData(input, options), { ...options, input })
}

interface Header {
  readonly properties: LzmaProperties
  readonly dictionarySize: number
  /** Total size in bytes; absent when an end marker ends the data. */
  readonly size?: number
}

function readHeader(input: InputWindow, options: DecompressOptions): Header {
  const first = input.next()
  if (first >= 9 * 5 * 5) throw new Malformed('it does not begin as lzma data do')
  const rest = Math.floor(first / 9)
  const properties = { literalContext: first % 9, literalPosition: rest % 5, position: Math.floor(rest / 5) }
  const dictionarySize = Number(readNumber(input, 4))
  const size = readNumber(input, 8)
  if (size === unknownSize) return { properties, dictionarySize }
  if (size > options.limit) throw tooLarge(options)
  return { properties, dictionarySize, size: Number(size) }
}

/** Little endian. */
function readNumber(input: InputWindow, bytes: number): bigint {
  let value = 0n
  for (let i = 0; i < bytes; i++) value |= BigInt(input.next()) << BigInt(8 * i)
  return value
}

async function* readData(input: InputWindow, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  await input.fill(window)
  const { properties, dictionarySize, size } = readHeader(input, options)
  const wanted = Math.max(4096, Math.min(dictionarySize, size ?? dictionarySize))
  if (wanted > mostDictionary)
    throw new Malformed(`it needs a dictionary of ${wanted} bytes, expected at most ${mostDictionary}`)
  const out = new Dictionary(wanted)
  const symbols = new SymbolReader(input, out, properties)
  const atOnce = Math.min(chunkSize, wanted)
  let ended = false
  while (!ended && !(out.total === size && symbols.finished)) {
    let atHand = await input.fill(window)
    // The last bytes are read to their end: running out of them is then an error.
    const all = atHand < window
    for (; (all || atHand >= largestSymbol) && out.pending < atOnce; atHand -= largestSymbol) {
      if (ended || (out.total === size && symbols.finished)) break
      const room = Math.min(atOnce - out.pending, (size ?? Number.POSITIVE_INFINITY) - out.total)
      const result = symbols.read(room)
      if (result === 'damaged') throw new Malformed('a match that reaches back too far, or bits out of range')
      ended = result === 'end'
      if (out.total > (size ?? out.total) || (room === 0 && !ended))
        throw new Malformed('it holds more bytes than it states')
    }
    yield out.take()
  }
  if (size !== undefined && out.total !== size) throw new Malformed('it holds fewer bytes than it states')
  if (!symbols.finished || (await input.fill(1)) > 0) throw new Malformed('other bytes follow')
}
