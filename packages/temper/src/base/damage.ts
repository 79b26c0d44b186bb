import fc from 'fast-check'

/** A way in which disks, power cuts and other programs damage files. For tests. */
export interface Damage {
  readonly kind: 'flip' | 'truncate' | 'zero' | 'append' | 'drop'
  /** Changed bytes; the same when there is nothing to change. */
  apply(bytes: Uint8Array): Buffer
}

/** Damage at a place between 0 (the first byte) and 1, over some bytes. */
export function damageAt(kind: Damage['kind'], place: number, length: number): Damage {
  const apply = (bytes: Uint8Array) => {
    const at = Math.min(Math.floor(place * bytes.length), Math.max(0, bytes.length - 1))
    const [before, rest] = [Buffer.from(bytes.subarray(0, at)), Buffer.from(bytes.subarray(at))]
    switch (kind) {
      case 'flip':
        if (rest.length > 0) rest[0] = (rest[0] ?? 0) ^ (1 << (length % 8))
        return Buffer.concat([before, rest])
      case 'truncate':
        return before
      case 'zero':
        return Buffer.concat([before, rest.fill(0, 0, Math.min(length, rest.length))])
      case 'append':
        return Buffer.concat([before, rest, Buffer.alloc(length)])
      case 'drop':
        return Buffer.concat([before, rest.subarray(length)])
    }
  }
  return { kind, apply }
}

/** Any damage. */
export const damage: fc.Arbitrary<Damage> = fc
  .tuple(
    fc.constantFrom('flip', 'truncate', 'zero', 'append', 'drop'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 5000 }),
  )
  .map(([kind, place, length]) => damageAt(kind, place, length))
