import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGemspec } from './gemspec.ts'

function read(text: string) {
  const bytes = Buffer.from(text)
  const head = {
    path: 'specifications/a.gemspec',
    size: bytes.length,
    mode: 0o644,
    start: bytes.subarray(0, 32),
  }
  return readGemspec({ ...head, bytes })?.packages[0]
}

/** The same gem, as versions of RubyGems and people have written it. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'RubyGems 1': (text) => `%q{${text}}`,
  'RubyGems 2': (text) => `"${text}"`,
  'RubyGems 3': (text) => `"${text}".freeze`,
  'single quotes': (text) => `'${text}'`,
  'angle brackets': (text) => `%q<${text}>.freeze`,
}

describe('a specification of a gem', () => {
  test.each(Object.entries(spellings))('is read as %s writes it', (_, quoted) => {
    const text = [
      '# -*- encoding: utf-8 -*-',
      '',
      'Gem::Specification.new do |s|',
      `  s.name = ${quoted('rack')}`,
      `  s.version = ${quoted('2.2.3')}`,
      '',
      `  s.required_rubygems_version = Gem::Requirement.new(${quoted('>= 0')}) if s.respond_to? :required_rubygems_version=`,
      `  s.authors = [${quoted('Ada Lovelace')}, ${quoted('Somebody')}]`,
      `  s.licenses = [${quoted('MIT')}]`,
      '  if s.respond_to? :specification_version then',
      `    s.add_runtime_dependency(${quoted('base64')}, [${quoted('>= 0')}])`,
      `    s.add_development_dependency(${quoted('minitest')}, [${quoted('>= 0')}])`,
      '  else',
      `    s.add_dependency(${quoted('bigdecimal')}, [${quoted('>= 0')}])`,
      '  end',
      'end',
    ].join('\n')
    expect(read(text)).toEqual({
      name: 'rack',
      version: '2.2.3',
      licence: 'MIT',
      supplier: 'Ada Lovelace',
      needs: ['base64', 'bigdecimal'],
    })
  })

  test.each<[string, string, object | undefined]>([
    [
      'for a platform',
      's.name = "a"\ns.version = "1"\ns.platform = Gem::Platform.new("x86_64-linux")',
      { qualifiers: { platform: 'x86_64-linux' } },
    ],
    [
      'for any platform',
      's.name = "a"\ns.version = "1"\ns.platform = "ruby".freeze',
      { name: 'a', version: '1' },
    ],
    [
      'with a version that is made',
      "s.name = 'a'\ns.version = Gem::Version.new('1.0.rc1')",
      { version: '1.0.rc1' },
    ],
    ['with the name of another variable', 'spec.name = "a"\nspec.version = "1"', { name: 'a' }],
    ['whose name is set again', 's.name = "a"\ns.version = "1"\ns.name = "b"', { name: 'a' }],
    ['whose version is a constant', 's.name = "a"\ns.version = VERSION', undefined],
    ['without a version', 's.name = "a"', undefined],
    ['whose text has no end', 's.name = "a\ns.version = "1"', undefined],
    ['whose brace has no end', 's.name = %q{a\ns.version = "1"', undefined],
    ['of nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    if (expected === undefined) expect(read(text)).toBeUndefined()
    else expect(read(text)).toMatchObject(expected)
  })

  test('whatever is in it ends, and what is told is one word', () => {
    const piece = fc.constantFrom(
      's.name = ',
      's.version = ',
      '"',
      "'",
      '%q{',
      '}',
      '%q<',
      '>',
      '\\',
      'a',
      '1.0',
      '\n',
      '.freeze',
      '[',
      ', ',
      's.add_dependency(',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const fact = read(pieces.join(''))
        if (fact === undefined) return
        for (const word of [fact.name, fact.version, ...(fact.needs ?? [])])
          expect(word).toMatch(/^[^\s\p{Cc}]+$/u)
      }),
      { numRuns: 400, seed: 99 },
    )
    for (const hostile of ['%q{', '"', "'", '%q<', '\\"', 's.add_dependency("'])
      expect(read(`s.name = ${hostile.repeat(19_000 / hostile.length)}`)).toBeUndefined()
  })
})
