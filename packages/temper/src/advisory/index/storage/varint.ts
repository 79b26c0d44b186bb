/** Unsigned integers below 2^31 in groups of seven bits, lowest first (LEB128). Returns the place after it. */
export function writeVarint(target: Uint8Array, value: number, at: number): number {
  let left = value
  let place = at
  while (left > 0x7f) {
    target[place++] = (left & 0x7f) | 0x80
    left >>>= 7
  }
  target[place++] = left
  return place
}

/** Most bytes that one takes. */
export const varintSize = 5
