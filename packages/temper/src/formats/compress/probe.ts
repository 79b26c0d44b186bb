import { createHash } from 'node:crypto'
import type { Compressor } from '../../model/lock.ts'

/** Compresses one chunk into one complete gzip member or zstd frame. */
export type CompressOnce = (chunk: Uint8Array) => Promise<Uint8Array>

/** Sizes of the pieces of the probe: none, tiny, within and beyond a 32 KiB window, most of a member. */
const pieceSizes = [0, 1, 257, 20_000, 90_000, 300_000] as const

/**
 * Bytes that exercise the code paths of a compressor: text with repeats near and far, tables of numbers as in ELF
 * files, noise, and long runs, all mixed. They are computed, so that they are the same everywhere.
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
    Uint8Array.from({ length: 2 + random(9) }, () => 97 + random(26)),
  )
  return pieceSizes.map((size) => {
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; ) at = probeRun({ bytes, at, words, random })
    return bytes
  })
}

interface ProbeState {
  readonly bytes: Uint8Array
  readonly at: number
  readonly words: readonly Uint8Array[]
  readonly random: (below: number) => number
}

/** Writes one run of one kind at `at`; returns where it ends. */
function probeRun({ bytes, at, words, random }: ProbeState): number {
  const end = Math.min(bytes.length, at + 1 + random(3000))
  const kind = random(8)
  if (kind === 0) bytes.fill(random(256), at, end)
  else if (kind === 1) for (let i = at; i < end; i++) bytes[i] = random(256)
  else if (kind === 2) {
    const step = 1 + random(64)
    for (let i = at; i < end; i++) bytes[i] = (i & 7) < 3 ? ((i >> 3) * step) >> (8 * (i & 7)) : 0
  } else if (kind === 3 && at > 0) {
    const distance = 1 + random(at)
    for (let i = at; i < end; i++) bytes[i] = bytes[i - distance] as number
  } else {
    for (let i = at; i < end; ) {
      const word = words[Math.min(random(300), random(300))] as Uint8Array
      for (let j = 0; j < word.length && i < end; j++) bytes[i++] = word[j] as number
      if (i < end) bytes[i++] = random(9) === 0 ? 10 : 32
    }
  }
  return end
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
    'f87e8d740f3244a0',
    '1600564875a1793b',
    'ce709b577e7bbe11',
    '8af92d04819eda4a',
    '84e92a9153624190',
    'e458c851050b1118',
    'b4fa91595621c6be',
    'e3a624f42f168598',
    '795222af03bf6cc9',
  ],
  'zstd-1.5.7': [
    '6bd5572368a93c5d',
    '4712bfc4f4892808',
    'e649ca266a5255f8',
    '52ad6a57fd16ca60',
    '2c5c46e18e731080',
    '39a3e91332295721',
    'c343d1035dc5ce7b',
    '336150cef9c76ab4',
    '1d1c669b670afe88',
    '11a2888c585109ea',
    '19905a17165e222b',
    'eda7dc1fb3719b27',
    'a90c968b08b2fa6a',
    '871c2d84ffdc4988',
    'cc7077b513fd06e5',
    'c4e98a3a8ec77d02',
    '251572909fc05695',
    '72876f4a7dd53eef',
    'c18dccc2ca38c6b7',
  ],
}

/** The digest that a compressor has to give for the probe; undefined for unknown definitions and levels. */
export function expectedProbe(spec: Compressor): string | undefined {
  return expected[spec.definition]?.[spec.level - 1]
}
