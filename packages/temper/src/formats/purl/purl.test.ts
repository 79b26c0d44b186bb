import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPurl, parsePurl } from './purl.ts'

// The first three are of purl-spec's own examples and tests for the types deb and oci.
test.each([
  [
    {
      type: 'deb',
      namespace: 'debian',
      name: 'curl',
      version: '7.50.3-1',
      qualifiers: { distro: 'jessie', arch: 'i386' },
    },
    'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
  ],
  [
    {
      type: 'deb',
      namespace: 'debian',
      name: 'attr',
      version: '1:2.4.47-2+b1',
      qualifiers: { arch: 'amd64' },
    },
    'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64',
  ],
  [
    { type: 'deb', namespace: 'debian', name: 'attr', version: '1:2.4.47~rc1' },
    'pkg:deb/debian/attr@1:2.4.47~rc1',
  ],
  [
    {
      type: 'deb',
      namespace: 'debian',
      name: 'libstdc++6',
      qualifiers: { upstream: 'gcc-14@14.2', epoch: undefined },
    },
    'pkg:deb/debian/libstdc%2B%2B6?upstream=gcc-14%4014.2',
  ],
  [{ type: 'generic', namespace: 'a b/c', name: 'd/e' }, 'pkg:generic/a%20b/c/d%2Fe'],
])('%j', (parts, text) => {
  expect(formatPurl(parts)).toBe(text)
})

test('whatever the parts, the separators stay unambiguous', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'grapheme' }),
      (name, value) => {
        const text = formatPurl({ type: 'deb', name, version: value, qualifiers: { upstream: value } })
        expect(text).toMatch(
          /^pkg:deb\/[A-Za-z0-9._~%:-]+@[A-Za-z0-9._~%:-]*(\?upstream=[A-Za-z0-9._~%:-]+)?$/,
        )
        expect(decodeURIComponent(/deb\/([^@]*)@/.exec(text)?.[1] ?? '')).toBe(name)
      },
    ),
  )
})

describe('reading', () => {
  // Forms that SBOMs in the wild have.
  test.each([
    ['pkg:npm/%40babel/core@7.0.0', { type: 'npm', namespace: '@babel', name: 'core', version: '7.0.0' }],
    ['pkg:npm/@babel/core@7.0.0', { type: 'npm', namespace: '@babel', name: 'core', version: '7.0.0' }],
    ['pkg:npm/@babel/core', { type: 'npm', namespace: '@babel', name: 'core' }],
    ['pkg://NPM//core@1', { type: 'npm', name: 'core', version: '1' }],
    ['pkg:golang/cmd/asm', { type: 'golang', namespace: 'cmd', name: 'asm' }],
    [
      'pkg:golang/google.golang.org/genproto@v1.0.0#googleapis/./api/',
      {
        type: 'golang',
        namespace: 'google.golang.org',
        name: 'genproto',
        version: 'v1.0.0',
        subpath: 'googleapis/api',
      },
    ],
    [
      'pkg:deb/debian/a@1:2%2B3?arch=all&ARCH2=&x&distro=debian-12',
      {
        type: 'deb',
        namespace: 'debian',
        name: 'a',
        version: '1:2+3',
        qualifiers: { arch: 'all', distro: 'debian-12' },
      },
    ],
    ['pkg:docker/x@feature/y', { type: 'docker', name: 'x', version: 'feature/y' }],
    [
      'pkg:npm/a@1?__proto__=b&constructor=c',
      { type: 'npm', name: 'a', version: '1', qualifiers: { constructor: 'c' } },
    ],
  ])('%s', (text, expected) => {
    expect(parsePurl(text)).toEqual(expected)
  })

  test.each([
    '',
    '/',
    'pkg:///',
    'pkg:pypi/',
    'pkg:pypi',
    'pkg:1a/b',
    'pkg:apk/alpine/@1.36.1-r27?arch=x86_64',
    'pkg:apk/alpine/',
    'npm/a@1',
    'pkg:npm/%zz',
    'pkg:npm/a@%ff',
    'pkg:npm/a?b=%',
    `pkg:npm/${'a'.repeat(9000)}`,
  ])('%s is none', (text) => {
    expect(parsePurl(text)).toBeUndefined()
  })

  test('gives back what was written', () => {
    const part = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => !/^\.{1,2}$/.test(text))
    const purl = fc.record(
      {
        type: fc.constantFrom('deb', 'npm', 'golang'),
        namespace: fc
          .array(
            part.filter((text) => !text.includes('/')),
            { minLength: 1, maxLength: 3 },
          )
          .map((parts) => parts.join('/')),
        name: part.filter((text) => !text.includes('/')),
        version: part,
        qualifiers: fc.dictionary(fc.constantFrom('arch', 'distro', 'upstream'), part, {
          minKeys: 1,
          noNullPrototype: true,
        }),
        subpath: part.filter((text) => !text.includes('/')),
      },
      { requiredKeys: ['type', 'name'] },
    )
    fc.assert(fc.property(purl, (value) => void expect(parsePurl(formatPurl(value))).toEqual(value)))
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void parsePurl(`pkg:a/${text}`)))
  })
})
