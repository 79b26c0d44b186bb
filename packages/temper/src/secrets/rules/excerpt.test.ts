import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerptOf, positionOf } from './excerpt.ts'

describe('positions', () => {
  it.each([
    ['', 0, 1, 1],
    ['abc', 0, 1, 1],
    ['abc', 2, 1, 3],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['\n\n\n', 2, 3, 1],
    ['a\r\nb', 3, 2, 1],
  ])('in %j at %i: line %i, column %i', (text, index, line, column) => {
    expect(positionOf(text, index)).toEqual({ line, column })
  })

  it('lead back to the place', () => {
    const texts = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', ' '), { maxLength: 40 })
    fc.assert(
      fc.property(texts, fc.nat(), (parts, at) => {
        const text = parts.join('')
        const index = text === '' ? 0 : at % text.length
        const { line, column } = positionOf(text, index)
        const before = text.split('\n').slice(0, line - 1)
        expect(before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1).toBe(index)
      }),
    )
  })
})

/** The excerpt of the one "SECRET" in a text. */
function excerpt(text: string): string {
  const start = text.indexOf('SECRET')
  return excerptOf(text, start, start + 6)
}

describe('excerpts', () => {
  it.each([
    ['SECRET', '[redacted]'],
    ['a = SECRET', 'a = [redacted]'],
    ['first\n  a = SECRET;\nlast', 'a = [redacted];'],
    ['a\tSECRET\u0000b', 'a [redacted] b'],
    ['\u001b[31mSECRET', '[31m[redacted]'],
    [`${'x'.repeat(24)} SECRET`, '[…] [redacted]'],
    [`${'x'.repeat(23)} SECRET`, `${'x'.repeat(23)} [redacted]`],
    [`SECRET ${'word '.repeat(20)}`, '[redacted] word word word word'],
    [`SECRET${'y'.repeat(30)}`, `[redacted]${'y'.repeat(20)}`],
  ])('of %j: %j', (text, expected) => {
    expect(excerpt(text)).toBe(expected)
  })

  it('are as long as a report can show, and no longer', () => {
    expect(excerpt(`${'ab '.repeat(500)}SECRET${' cd'.repeat(500)}`)).toHaveLength(120)
    expect(excerpt(`${'.'.repeat(90)}SECRET`)).toBe(`${'.'.repeat(90)}[redacted]`)
    expect(excerpt(`${'.'.repeat(91)}SECRET`)).toBe(`${'.'.repeat(90)}[redacted]`)
    expect(excerpt(`SECRET${'.'.repeat(21)}`)).toBe(`[redacted]${'.'.repeat(20)}`)
  })

  it('never show the secret, nor anything that does not print', () => {
    const around = fc.string({ unit: 'binary', maxLength: 200 })
    const secrets = fc.string({ unit: fc.constantFrom(...'QZ7+/'), minLength: 8, maxLength: 60 })
    fc.assert(
      fc.property(around, secrets, around, (before, secret, after) => {
        fc.pre(!before.includes(secret) && !after.includes(secret))
        const text = `${before}${secret}${after}`
        const shown = excerptOf(text, before.length, before.length + secret.length)
        expect(shown).not.toContain(secret)
        expect(shown).toContain('[redacted]')
        expect(shown).toMatch(/^[\x20-\x7e…]{0,120}$/)
      }),
    )
  })
})
