/** "expand 32-byte k" as four little-endian words. */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const

/** The four cells of each quarter round: columns, then rows (Salsa20 specification, sections 3 to 6). */
const quarterRounds = [
  [0, 4, 8, 12],
  [5, 9, 13, 1],
  [10, 14, 2, 6],
  [15, 3, 7, 11],
  [0, 1, 2, 3],
  [5, 6, 7, 4],
  [10, 11, 8, 9],
  [15, 12, 13, 14],
] as const

/**
 * `length` bytes of the XSalsa20 key stream (Bernstein, "Extending the Salsa20 nonce"): key of 32 bytes, nonce
 * of 24.
 */
export function xsalsa20(key: Uint8Array, nonce: Uint8Array, length: number): Uint8Array {
  const inner = hsalsa20(key, nonce.subarray(0, 16))
  const stream = new Uint8Array(Math.ceil(length / 64) * 64)
  const view = new DataView(stream.buffer)
  const input = block(inner, nonce.subarray(16, 24))
  for (let counter = 0; counter * 64 < length; counter++) {
    // Messages here are far shorter than 2^32 blocks, so that the counter's upper word stays 0.
    input[8] = counter
    const mixed = doubleRounds(input)
    for (let i = 0; i < 16; i++)
      view.setUint32(counter * 64 + 4 * i, ((mixed[i] ?? 0) + (input[i] ?? 0)) >>> 0, true)
  }
  return stream.subarray(0, length)
}

/** A key from a key and the first 16 bytes of the nonce: the mixed block without the final addition. */
function hsalsa20(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const mixed = doubleRounds(block(key, nonce))
  const derived = new Uint8Array(32)
  const view = new DataView(derived.buffer)
  for (const [place, cell] of [0, 5, 10, 15, 6, 7, 8, 9].entries())
    view.setUint32(4 * place, mixed[cell] ?? 0, true)
  return derived
}

/** The matrix of a block. A nonce of 8 bytes leaves room for the counter, one of 16 takes it. */
function block(key: Uint8Array, nonce: Uint8Array): Uint32Array {
  const k = words(key)
  const n = words(nonce)
  const [c0, c1, c2, c3] = constants
  const first = [c0, ...k.slice(0, 4), c1]
  const middle = n.length === 4 ? n : [...n, 0, 0]
  return Uint32Array.from([...first, ...middle, c2, ...k.slice(4, 8), c3])
}

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}

function doubleRounds(input: Uint32Array): Uint32Array {
  const x = Uint32Array.from(input)
  const mix = (target: number, a: number, b: number, turn: number) => {
    const sum = ((x[a] ?? 0) + (x[b] ?? 0)) | 0
    x[target] = (x[target] ?? 0) ^ ((sum << turn) | (sum >>> (32 - turn)))
  }
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of quarterRounds) {
      mix(b, a, d, 7)
      mix(c, b, a, 9)
      mix(d, c, b, 13)
      mix(a, d, c, 18)
    }
  }
  return x
}
