import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { licenceOf } from './licence.ts'

describe('the licence line of a package', () => {
  test.each([
    ['MIT', 'MIT', {}],
    ['mit', 'MIT', {}],
    ['GPL-2.0-or-later and MIT', 'GPL-2.0-or-later AND MIT', {}],
    ['(MIT OR Apache-2.0) AND BSD-3-Clause', '(MIT OR Apache-2.0) AND BSD-3-Clause', {}],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0', {}],
    [
      'MIT AND Custom:Own',
      'MIT AND LicenseRef-apk-Custom-Own',
      { 'LicenseRef-apk-Custom-Own': 'Custom:Own' },
    ],
  ])('%s', (text, expression, texts) => {
    expect(licenceOf(text)).toEqual({ expression, texts })
  })

  test.each(['MIT BSD', 'MIT AND', 'AND MIT', '(MIT', 'MIT)', '()', 'MIT WITH No-Such', 'OR', ''])(
    '%j is no expression, and stays as words',
    (text) => {
      const { expression, texts, words } = licenceOf(text)
      expect(expression).toMatch(/^LicenseRef-apk-[A-Za-z0-9.-]+$/)
      expect(Object.values(texts)).toEqual([text])
      expect(words).toBe(text)
    },
  )

  test('is an expression whatever it says, with each name of its own explained', () => {
    const word = fc.constantFrom(
      'MIT',
      'Own',
      'AND',
      'OR',
      'WITH',
      '(',
      ')',
      'GPL-3.0-only',
      'a/b',
      '((',
      'é',
    )
    const line = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
    )
    fc.assert(
      fc.property(line, (text) => {
        const { expression, texts } = licenceOf(text)
        const tokens = expression.replace(/[()]/g, ' $& ').split(' ').filter(Boolean)
        expect(tokens.every((token) => /^(?:[()]|[A-Za-z0-9.+-]+)$/.test(token))).toBe(true)
        let open = 0
        for (const token of tokens) {
          open += Number(token === '(') - Number(token === ')')
          expect(open).toBeGreaterThanOrEqual(0)
        }
        expect(open).toBe(0)
        const own = tokens.filter((token) => token.startsWith('LicenseRef-'))
        expect(new Set(own)).toEqual(new Set(Object.keys(texts)))
      }),
      { numRuns: 500 },
    )
  })
})
