import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPurl, parsePurl } from './purl.ts'
import { nativeName, normalPurl, normalPythonName, purlOf } from './purl-type.ts'

describe('package URLs of what an ecosystem names', () => {
  test.each([
    ['npm', '@babel/core', '7.0.0', 'pkg:npm/%40babel/core@7.0.0'],
    ['npm', 'JSONStream', '1.0.0', 'pkg:npm/JSONStream@1.0.0'],
    ['pypi', 'Zope.Interface__x', '5.0', 'pkg:pypi/zope-interface-x@5.0'],
    ['maven', 'org.slf4j:slf4j-api', '2.0.1', 'pkg:maven/org.slf4j/slf4j-api@2.0.1'],
    [
      'golang',
      'github.com/Masterminds/semver/v3',
      'v3.2.0',
      'pkg:golang/github.com/masterminds/semver/v3@v3.2.0',
    ],
    ['golang', 'stdlib', '1.22.1', 'pkg:golang/stdlib@1.22.1'],
    ['golang', 'example.com/a', '(devel)', 'pkg:golang/example.com/a'],
    ['cargo', 'serde_json', '1.0.0', 'pkg:cargo/serde_json@1.0.0'],
    ['composer', 'Monolog/Monolog', '3.0.0', 'pkg:composer/monolog/monolog@3.0.0'],
    ['nuget', 'Newtonsoft.Json', '13.0.1', 'pkg:nuget/Newtonsoft.Json@13.0.1'],
    ['gem', 'rack', '2.2.3', 'pkg:gem/rack@2.2.3'],
  ])('%s %s %s', (type, name, version, expected) => {
    expect(purlOf(type, { name, version })).toBe(expected)
  })

  test('qualifiers are kept', () => {
    expect(purlOf('gem', { name: 'nokogiri', version: '1.15' }, { platform: 'x86_64-linux' })).toBe(
      'pkg:gem/nokogiri@1.15?platform=x86_64-linux',
    )
  })

  test('the name can be read from it again', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?$/)
    const named = fc.oneof(
      fc.tuple(
        fc.constant('npm'),
        fc.oneof(
          word,
          fc.tuple(word, word).map(([a, b]) => `@${a}/${b}`),
        ),
      ),
      fc.tuple(
        fc.constant('maven'),
        fc.tuple(word, word).map(([a, b]) => `${a}:${b}`),
      ),
      fc.tuple(
        fc.constant('golang'),
        fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
      ),
      fc.tuple(fc.constantFrom('pypi', 'cargo', 'gem', 'nuget'), word),
    )
    fc.assert(
      fc.property(named, fc.string({ minLength: 1 }), ([type, name], version) => {
        const parsed = parsePurl(purlOf(type, { name, version }))
        expect(parsed && { name: nativeName(parsed), version: parsed.version }).toEqual({ name, version })
      }),
    )
  })

  test('normal parts stay as they are', () => {
    const part = fc.string({ minLength: 1, maxLength: 10 })
    const type = fc.constantFrom('pypi', 'deb', 'rpm', 'npm', 'golang', 'composer')
    fc.assert(
      fc.property(type, part, part, (kind, namespace, name) => {
        const once = normalPurl({ type: kind, namespace, name })
        expect(normalPurl(once)).toEqual(once)
        expect(formatPurl(normalPurl(once))).toBe(formatPurl(once))
      }),
    )
  })

  test('names of PyPI compare by PEP 503', () => {
    expect(['Foo.Bar', 'foo__bar', 'FOO-_.BAR'].map(normalPythonName)).toEqual(Array(3).fill('foo-bar'))
  })
})
