import { createHash } from 'node:crypto'
import type { Compressor } from '../model/lock.ts'

/** Compresses one chunk into one complete gzip member or zstd frame. */
export type CompressOnce = (chunk: Uint8Array) => Promise<Uint8Array>

/** Sizes of the pieces of the probe: none, tiny, within and beyond a 32 KiB window, most of a member. */
const pieceSizes = [0, 1, 257, 20_000, 90_000, 300_000] as const

/**
 * Bytes that lead a compressor through its paths: text with repeats near and far, tables of numbers as in
 * ELF files, noise, and long runs, all mixed. Made by arithmetic, so that it is the same everywhere.
 */
export function probePieces(): Uint8Array[] {
  let state = 0x2545f491
  const random = (below: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
  const words = Array.from({ length: 300 }, () =>
    Buffer.from(Array.from({ length: 2 + random(9) }, () => 97 + random(26))),
  )
  return pieceSizes.map((size) => {
    const bytes = Buffer.alloc(size)
    let at = 0
    while (at < size) at += probeRun(bytes.subarray(at), { at, bytes, words, random })
    return bytes
  })
}

interface ProbeState {
  readonly at: number
  readonly bytes: Buffer
  readonly words: readonly Buffer[]
  readonly random: (below: number) => number
}

/** Fills the start of `rest` with one run of one kind; returns its length. */
function probeRun(rest: Buffer, { at, bytes, words, random }: ProbeState): number {
  const length = Math.min(rest.length, 1 + random(3000))
  const kind = random(8)
  if (kind === 0) rest.fill(random(256), 0, length)
  else if (kind === 1) for (let i = 0; i < length; i++) rest[i] = random(256)
  else if (kind === 2) {
    const step = 1 + random(64)
    for (let i = 0; i < length; i++) rest[i] = i % 8 < 3 ? (Math.floor(i / 8) * step) >> (8 * (i % 8)) : 0
  } else if (kind === 3 && at > 0) {
    const from = random(at)
    for (let i = 0; i < length; i++) rest[i] = bytes[from + (i % (at - from))] as number
  } else {
    for (let i = 0; i < length; ) {
      const word = words[Math.min(random(300), random(300))] as Buffer
      i += word.copy(rest, i, 0, Math.max(0, length - i))
      if (i < length) rest[i++] = random(9) === 0 ? 10 : 32
    }
  }
  return length
}

/** The first 16 hex digits of the SHA-256 over all compressed pieces of the probe. */
export async function probeDigest(compress: CompressOnce): Promise<string> {
  const members = await Promise.all(probePieces().map((piece) => compress(piece)))
  const hash = createHash('sha256')
  for (const member of members) hash.update(`${member.length}\n`).update(member)
  return hash.digest('hex').slice(0, 16)
}

/**
 * What `probeDigest` gives for the definitions, by level. They were taken from pako 3.0.3 and from zstd 1.5.7
 * built as WebAssembly; a test takes them again.
 */
const expected: Readonly<Record<string, readonly string[]>> = {
  'pako-3.0.3': [
    '01612698d2bfc895',
    'c8535c8c066aeb3a',
    'ed6bb02ea3a3dc8e',
    '27fa80d98ea825ac',
    '023d3eb65d579596',
    'f0ff4b711954bf0f',
    'acf5942124d65098',
    'c493583979fe6396',
    '0555c4b432e22f09',
  ],
  'zstd-1.5.7': [
    '12413772326eb6f7',
    'eec47e59d36081b9',
    'f37a03a7175dfe6e',
    '5098282f354e48c0',
    'a73144fce65f7fe6',
    '6a89d9f8dfa96fa1',
    'f570cc84dec0e94b',
    '49401bbd6bd91160',
    '586d6d251a6a63a9',
    'f43d9bf93c68dfd5',
    'ca4420b810b89222',
    '36570bb526b690d8',
    '96bf216cc4854b23',
    'f9f8b6aac5d88ac4',
    'e36fa3c696f8eea7',
    '41d326736e37a824',
    'e86f40bda2ed6744',
    'c3eb530e1f5c371d',
    'd66d50c7fe7e728a',
  ],
}

/** The digest that a compressor has to reach on the probe; undefined for unknown definitions and levels. */
export function expectedProbe(spec: Compressor): string | undefined {
  return expected[spec.definition]?.[spec.level - 1]
}
