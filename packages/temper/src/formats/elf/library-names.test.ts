import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLibraryNames } from './library-names.ts'

function namesIn(bytes: Uint8Array, pieces: readonly number[] = []): readonly string[] | undefined {
  const names = createLibraryNames()
  let from = 0
  for (const size of pieces) {
    names.write(bytes.subarray(from, from + size))
    from += size
  }
  names.write(bytes.subarray(from))
  return names.finish()
}

describe('names of libraries in bytes', () => {
  it('are found with and without a version', () => {
    const text = 'x\0libssl.so.3\0/usr/lib/libz.so\0libgcc_s.so.1\0plain\0'
    expect(namesIn(Buffer.from(text))).toEqual(['libgcc_s.so.1', 'libssl.so.3', 'libz.so'])
  })

  it('are found however the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 20 }), (pieces) => {
        const names = namesIn(Buffer.from('ab\0libcrypto.so.3\0cd libpq.so.5 '), pieces) ?? []
        expect(names).toEqual(expect.arrayContaining(['libcrypto.so.3', 'libpq.so.5']))
      }),
    )
  })

  it('are not counted without end', () => {
    const many = Array.from({ length: 10_050 }, (_, i) => `lib${i}.so`).join('\0')
    expect(namesIn(Buffer.from(many))).toBeUndefined()
  })
})
