/** PITABLE of RFC 2268, section 2. */
const table = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
)

const rotations = [1, 2, 3, 5] as const
const blockSize = 8

/** A key, and how many of its bits count. */
export interface Rc2Key {
  readonly key: Uint8Array
  readonly bits: number
  readonly iv: Uint8Array
}

/**
 * Decrypts RC2 in CBC mode with padding (RFC 2268), with which old key stores are encrypted and which Node.js no
 * longer has. Undefined when the padding is wrong, as with another key.
 */
export function decryptRc2(bytes: Uint8Array, { key, bits, iv }: Rc2Key): Buffer | undefined {
  if (bytes.length === 0 || bytes.length % blockSize !== 0 || iv.length !== blockSize) return undefined
  const words = expand(key, bits)
  const out = Buffer.alloc(bytes.length)
  let before = iv
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize)
    decryptBlock(Buffer.from(block), words).forEach((byte, i) => {
      out[at + i] = byte ^ (before[i] ?? 0)
    })
    before = block
  }
  const padding = out.at(-1) ?? 0
  if (padding < 1 || padding > blockSize) return undefined
  const end = out.length - padding
  return out.subarray(end).every((byte) => byte === padding) ? out.subarray(0, end) : undefined
}

/** Section 2: 64 words of 16 bits out of a key. */
function expand(key: Uint8Array, bits: number): Uint16Array {
  const bytes = Buffer.alloc(128)
  bytes.set(key.subarray(0, 128))
  const at = (i: number) => bytes[i] ?? 0
  const pi = (value: number) => table[value & 0xff] ?? 0
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length))
  const effective = (bits + 7) >> 3
  const mask = 0xff >> (8 * effective - bits)
  bytes[128 - effective] = pi(at(128 - effective) & mask)
  for (let i = 127 - effective; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + effective))
  return Uint16Array.from({ length: 64 }, (_, i) => bytes.readUInt16LE(2 * i))
}

/** Section 4; the block is changed in place. */
function decryptBlock(block: Buffer, words: Uint16Array): Buffer {
  const r = Uint16Array.from({ length: 4 }, (_, i) => block.readUInt16LE(2 * i))
  const of = (i: number) => r[(i + 4) & 3] ?? 0
  let next = 63
  for (let round = 0; round < 16; round++) {
    // Between the rounds of mixing there are two of mashing.
    if (round === 5 || round === 11) for (let i = 3; i >= 0; i--) r[i] = of(i) - (words[of(i - 1) & 63] ?? 0)
    for (let i = 3; i >= 0; i--) {
      const by = rotations[i] ?? 0
      const turned = (of(i) >> by) | (of(i) << (16 - by))
      r[i] = turned - (words[next--] ?? 0) - (of(i - 1) & of(i - 2)) - (~of(i - 1) & of(i - 3))
    }
  }
  r.forEach((word, i) => {
    block.writeUInt16LE(word, 2 * i)
  })
  return block
}
