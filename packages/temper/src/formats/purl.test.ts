import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPurl } from './purl.ts'

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
