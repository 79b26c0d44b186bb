import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSecretbox, sealSecretbox } from './secretbox.ts'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')

/** Bernstein, "Cryptography in NaCl" (2009), section 8 to 10. */
const nacl = {
  key: bytes('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389'),
  nonce: bytes('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37'),
  message: bytes(`
    be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129
    6cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde
    048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705`),
  box: bytes(`
    f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a
    c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae
    90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74
    e355a5`),
}

describe('secretbox', () => {
  it('seals as NaCl does', () => {
    expect(Buffer.from(sealSecretbox(nacl.message, nacl.nonce, nacl.key))).toEqual(nacl.box)
  })

  it('seals nothing, and several blocks, as the Go implementation does', () => {
    const empty = sealSecretbox(new Uint8Array(), nacl.nonce, nacl.key)
    expect(Buffer.from(empty)).toEqual(bytes('2539121d8e234e652d651fa4c8cff880'))
    const counted = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff)
    const box = Buffer.from(sealSecretbox(counted, nacl.nonce, nacl.key))
    expect(box.subarray(0, 16)).toEqual(bytes('5ce757f8749aedbb067bddba7951e7c1'))
    expect(box.subarray(-16)).toEqual(bytes('0c3ec13ee0da105183d0da116304b320'))
  })

  it('opens what it sealed, and nothing that was changed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(),
        (message, nonce, key, place) => {
          const box = Buffer.from(sealSecretbox(message, nonce, key))
          expect(openSecretbox(box, nonce, key)).toEqual(message)
          const at = place % box.length
          box[at] = (box[at] ?? 0) ^ (1 << (place % 8))
          expect(openSecretbox(box, nonce, key)).toBeUndefined()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('does not open what is shorter than a tag', () => {
    expect(openSecretbox(new Uint8Array(15), nacl.nonce, nacl.key)).toBeUndefined()
  })

  it('takes no key or nonce of another size', () => {
    expect(() => sealSecretbox(nacl.message, nacl.nonce.subarray(1), nacl.key)).toThrow(RangeError)
    expect(() => openSecretbox(nacl.box, nacl.nonce, nacl.key.subarray(1))).toThrow(RangeError)
  })
})
