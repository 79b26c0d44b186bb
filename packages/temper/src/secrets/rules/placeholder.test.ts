import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base62, checked } from '../fixtures/sample.ts'
import { endsInChecksum } from './checksum.ts'
import { entropy, isPlaceholder } from './placeholder.ts'

describe('stand-ins', () => {
  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'change-me-please',
    'change_me',
    'changeme123',
    'your-token-here',
    'your_api_key',
    '<token>',
    '$' + '{API_KEY}',
    '$(cat /run/secrets/key)',
    '%(password)s',
    '{{ .Values.password }}',
    '$PASSWORD',
    '%PASSWORD%',
    'xxxxxxxxxxxx',
    '************',
    'aaaaaaaaaaaaaaaa',
    'ababababab',
    'abcabcabc',
    'password',
    'Secret',
    'redacted-by-us',
    'none',
    'true',
  ])('%s is one', (text) => {
    expect(isPlaceholder(text)).toBe(true)
  })

  it.each(['k3u9-Zq81-vv20', 'abcd', 'passwordless9', 'tokens4us', 'a$b$c$d1', 'untrue1', 'Tr0ub4dor'])(
    '%s is none',
    (text) => {
      expect(isPlaceholder(text)).toBe(false)
    },
  )
})

describe('entropy', () => {
  it.each([
    ['', 0],
    ['a', 0],
    ['aaaa', 0],
    ['ab', 1],
    ['abcd', 2],
    ['aabb', 1],
    ['abcdefgh', 3],
    ['aaab', 0.8113],
  ])('of "%s" is %d bits', (text, bits) => {
    expect(entropy(text)).toBeCloseTo(bits, 3)
  })

  it('does not depend on the order, and is at most that of as many different characters', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...base62), { minLength: 1, maxLength: 60 }), (characters) => {
        const text = characters.join('')
        const bits = entropy(text)
        expect(entropy(characters.toSorted().join(''))).toBeCloseTo(bits, 9)
        expect(bits).toBeLessThanOrEqual(Math.log2(new Set(text).size) + 1e-9)
        expect(bits).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('checksums', () => {
  it.each(['ghp', 'gho', 'npm', 'a_b'])('of tokens that begin with %s_ hold', (prefix) => {
    const token = checked(prefix)
    // What stands before the first underscore is no part of the sum.
    expect(endsInChecksum(token)).toBe(!prefix.includes('_'))
  })

  it('hold for no token of which one character is another', () => {
    fc.assert(
      fc.property(fc.nat(35), fc.constantFrom(...base62), (at, character) => {
        const token = checked('ghp')
        const index = at + 4
        fc.pre(token[index] !== character)
        const changed = `${token.slice(0, index)}${character}${token.slice(index + 1)}`
        expect(endsInChecksum(token)).toBe(true)
        expect(endsInChecksum(changed)).toBe(false)
      }),
    )
  })

  it.each(['', '_', 'ghp_', 'ghp_123456', 'no underscore'])('do not hold for "%s"', (text) => {
    expect(endsInChecksum(text)).toBe(false)
  })
})
