import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCopyrightFile, parseCopyright } from './copyright.ts'

const format = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
const parse = (text: string) => parseCopyright(new TextEncoder().encode(text))

/** A machine-readable file with these synopses, and a paragraph of text for each name given. */
function file(synopses: readonly string[], texts: Readonly<Record<string, string>> = {}): string {
  const files = synopses.map((synopsis) => `\nFiles: *\nCopyright: someone\nLicense: ${synopsis}\n`)
  const licences = Object.entries(texts).map(([name, text]) => `\nLicense: ${name}\n ${text}\n`)
  return [format, ...files, ...licences].join('')
}
const expression = (...synopses: string[]) => parse(file(synopses)).expression

describe('short names', () => {
  test.each([
    ['Expat', 'MIT'],
    ['MIT', 'MIT'],
    ['GPL-2', 'GPL-2.0-only'],
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPL-2.0+', 'GPL-2.0-or-later'],
    ['gpl-3.0-or-later', 'GPL-3.0-or-later'],
    ['LGPL-2.1+', 'LGPL-2.1-or-later'],
    ['LGPL-2', 'LGPL-2.0-only'],
    ['AGPL-3+', 'AGPL-3.0-or-later'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['GFDL-1.2', 'GFDL-1.2-only'],
    ['BSD-3-clause', 'BSD-3-Clause'],
    ['BSD-4-clause-UC', 'BSD-4-Clause-UC'],
    ['Artistic', 'Artistic-1.0'],
    ['Apache-2', 'Apache-2.0'],
    ['zlib', 'Zlib'],
    ['OpenLDAP-2.8', 'OLDAP-2.8'],
    ['CC0', 'CC0-1.0'],
    ['GPL-3+ with Bison exception', 'GPL-3.0-or-later WITH Bison-exception-2.2'],
    ['GPL-2+ with Autoconf exception', 'GPL-2.0-or-later WITH Autoconf-exception-2.0'],
    ['GPL-3+ with autoconf exception', 'GPL-3.0-or-later WITH Autoconf-exception-3.0'],
    ['GPL-2 with Linux-syscall-note exception', 'GPL-2.0-only WITH Linux-syscall-note'],
  ])('%s is %s', (synopsis, expected) => {
    expect(parse(file([synopsis]))).toEqual({ expression: expected, texts: {} })
  })

  test.each(['GPL-4', 'LGPL-2.2', 'GPL-NIV-2', 'GPL', 'public-domain', 'GPL-2+ with Frobnicate exception'])(
    '%s is not on the list',
    (synopsis) => {
      const { expression: licence, texts } = parse(file([synopsis], { [synopsis]: 'Do as you like.' }))
      expect(licence).toMatch(/^LicenseRef-debian-[A-Za-z0-9.-]+-[0-9a-f]{8}$/)
      expect(texts).toEqual({ [licence]: 'Do as you like.' })
    },
  )
})

describe('expressions', () => {
  test('and binds tighter than or', () => {
    expect(expression('GPL-2+ or MIT and ISC')).toBe('GPL-2.0-or-later OR ISC AND MIT')
  })

  test('a comma makes the next operator the looser one', () => {
    expect(expression('GPL-1+ or Artistic, and BSD-3-clause')).toBe(
      '(Artistic-1.0 OR GPL-1.0-or-later) AND BSD-3-Clause',
    )
    expect(expression('ISC, MIT and Zlib')).toBe('ISC AND MIT AND Zlib')
  })

  test('everything in the package is joined by and, each once, sorted', () => {
    expect(expression('MIT', 'GPL-2+ or MIT', 'Expat', 'Apache-2.0 and MIT')).toBe(
      '(GPL-2.0-or-later OR MIT) AND Apache-2.0 AND MIT',
    )
  })

  test('operators without a name are no expression', () => {
    expect(expression('MIT and')).toMatch(/^LicenseRef-debian-MIT-and-/)
    expect(expression('or')).toMatch(/^LicenseRef-debian-or-/)
  })
})

describe('texts', () => {
  test('stand in the paragraph itself or in one of their own; a single dot is an empty line', () => {
    const inline = parse(`${format}\nFiles: *\nCopyright: x\nLicense: mine\n One.\n .\n Two.\n`)
    expect(Object.values(inline.texts)).toEqual(['One.\n\nTwo.'])
    expect(Object.values(parse(file(['Mine'], { mine: 'Apart.' })).texts)).toEqual(['Apart.'])
  })

  test('a name without text is told by its name', () => {
    expect(Object.values(parse(file(['odd'])).texts)).toEqual(['License: odd'])
  })

  test('the same name with another text is another licence', () => {
    const [one, two] = ['First.', 'Second.'].map((text) => parse(file(['PD'], { PD: text })).expression)
    expect(one).not.toBe(two)
  })

  test('of licences on the list are left out, and of those that no file is under', () => {
    expect(parse(file(['MIT'], { MIT: 'Permission is hereby granted', unused: 'x' })).texts).toEqual({})
  })

  test('the header speaks for the whole package', () => {
    expect(parse(`${format}License: ISC\n\nFiles: *\nLicense: MIT\n`).expression).toBe('ISC AND MIT')
  })
})

describe('files that are not machine-readable', () => {
  test.each([
    ['prose', 'This package was debianized by someone.\n\nLicense: GPL\n'],
    ['nothing', ''],
    ['another format', 'Format: something\n\nFiles: *\nLicense: MIT\n'],
    ['damaged fields', `${format}\n  no field starts like this\n:::\n`],
    ['no licences', `${format}\nFiles: *\nCopyright: x\n`],
  ])('%s: the whole text is kept', (_what, text) => {
    const { expression: licence, texts } = parse(text)
    expect(licence).toMatch(/^LicenseRef-debian-copyright-[0-9a-f]{12}$/)
    expect(texts).toEqual({ [licence]: text })
  })

  test('very long ones are cut, and say so', () => {
    const [text = ''] = Object.values(parse('x'.repeat(1 << 20)).texts)
    expect(text.length).toBeLessThan(300_000)
    expect(text).toContain('goes on')
  })
})

test('any bytes give an expression whose references all have a text', () => {
  const word = fc.constantFrom(
    'MIT',
    'GPL-2+',
    'odd',
    'and',
    'or',
    ',',
    'with',
    'exception',
    '|',
    '\n',
    ' ',
    'x y',
  )
  const synopsis = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
  const text = fc.oneof(
    fc.string(),
    synopsis.map((line) => `${format}\nFiles: *\nLicense: ${line}\n`),
  )
  fc.assert(
    fc.property(text, (content) => {
      const { expression: licence, texts } = parse(content)
      const referred = [...licence.matchAll(/LicenseRef-[A-Za-z0-9.-]+/g)].map(([id]) => id)
      expect([...new Set(referred)].sort()).toEqual(Object.keys(texts).sort())
      expect(licence).toMatch(/^[A-Za-z0-9.() -]+$/)
    }),
  )
})

test('copyright files are those that policy names', () => {
  expect(isCopyrightFile('usr/share/doc/nginx/copyright')).toBe(true)
  expect(isCopyrightFile('usr/share/doc/nginx/examples/copyright')).toBe(false)
  expect(isCopyrightFile('usr/share/nginx/copyright')).toBe(false)
})
