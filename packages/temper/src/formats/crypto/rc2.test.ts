import { expect, it } from 'vitest'
import { decryptRc2 } from './rc2.ts'

/* RFC 2268, section 5: one block each, so that what precedes it is the same as ECB with an initial block of zeros. */
it.each([
  ['0000000000000000', 63, 'ebb773f993278eff', '0000000000000000'],
  ['ffffffffffffffff', 64, '278b27e42e2f0d49', 'ffffffffffffffff'],
  ['3000000000000000', 64, '30649edf9be7d2c2', '1000000000000001'],
  ['88', 64, '61a8a244adacccf0', '0000000000000000'],
  ['88bca90e90875a', 64, '6ccf4308974c267f', '0000000000000000'],
  ['88bca90e90875a7f0f79c384627bafb2', 64, '1a807d272bbe5db1', '0000000000000000'],
  ['88bca90e90875a7f0f79c384627bafb2', 128, '2269552ab0f85ca6', '0000000000000000'],
])('key %s of %i bits', (key, bits, cipher, plain) => {
  // Against an initial block that turns what comes out into whole padding: eight times 8.
  const iv = Buffer.from(plain, 'hex').map((byte) => byte ^ 8)
  const decrypted = decryptRc2(Buffer.from(cipher, 'hex'), { key: Buffer.from(key, 'hex'), bits, iv })
  expect(decrypted).toHaveLength(0)
})

it('another key leaves other padding', () => {
  const bytes = Buffer.from('ebb773f993278eff', 'hex')
  expect(decryptRc2(bytes, { key: Buffer.alloc(8, 1), bits: 64, iv: Buffer.alloc(8, 8) })).toBeUndefined()
  expect(
    decryptRc2(bytes.subarray(1), { key: Buffer.alloc(8), bits: 63, iv: Buffer.alloc(8) }),
  ).toBeUndefined()
})
