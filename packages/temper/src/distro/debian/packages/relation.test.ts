import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import { formatDependency, formatRequirement, type Requirement } from '../../../model/package/package.ts'
import { parseDependencies, parseRequirements } from './relation.ts'

describe('parseDependencies', () => {
  it('reads names, alternatives, versions and qualifiers', () => {
    expect(parseDependencies('libc6 (>= 2.38), python3:any, debconf (>= 0.5) | debconf-2.0')).toEqual([
      [{ name: 'libc6', relation: '>=', version: '2.38' }],
      [{ name: 'python3', qualifier: 'any' }],
      [{ name: 'debconf', relation: '>=', version: '0.5' }, { name: 'debconf-2.0' }],
    ])
  })

  it.each(['<<', '<=', '=', '>=', '>>'] as const)(
    'reads the relation %s with and without spaces',
    (relation) => {
      const expected = [[{ name: 'a', relation, version: '1:2.0~rc1-3+b1' }]]
      expect(parseDependencies(`a (${relation} 1:2.0~rc1-3+b1)`)).toEqual(expected)
      expect(parseDependencies(`a(${relation}1:2.0~rc1-3+b1)`)).toEqual(expected)
      expect(parseDependencies(`a\n (${relation}\t1:2.0~rc1-3+b1 )`)).toEqual(expected)
    },
  )

  it('reads the old spellings < and >', () => {
    expect(parseDependencies('a (< 1), b (> 2)')).toEqual([
      [{ name: 'a', relation: '<=', version: '1' }],
      [{ name: 'b', relation: '>=', version: '2' }],
    ])
  })

  it('reads over architecture lists and build profiles', () => {
    expect(
      parseDependencies('a [amd64 !i386], b (= 1) [linux-any] <!nocheck> <cross>, c <stage1>|d'),
    ).toEqual([[{ name: 'a' }], [{ name: 'b', relation: '=', version: '1' }], [{ name: 'c' }, { name: 'd' }]])
  })

  it('ignores empty items between commas and finds nothing in empty text', () => {
    expect(parseDependencies('')).toEqual([])
    expect(parseDependencies(' \n ')).toEqual([])
    expect(parseDependencies(', a,, b ,\n')).toEqual([[{ name: 'a' }], [{ name: 'b' }]])
  })

  it.each([
    ['a b', 'expected "," or "|" after "a ", found "b"'],
    ['a |', 'expected a package name after "a |", found the end'],
    ['a || b', 'expected a package name after "a |", found "| b"'],
    ['a (>= )', 'expected a version after "a (>= ", found ")"'],
    ['a (1.0)', 'expected one of << <= = >= >> after "a (", found "1.0)"'],
    ['a (>= 1', 'expected ")" after the version after "a (>= 1", found the end'],
    ['a (>= 1 2)', 'expected ")" after the version after "a (>= 1 ", found "2)"'],
    ['a: (>= 1)', 'expected an architecture after ":" after "a:", found " (>= 1)"'],
    ['a [amd64', 'expected a "]" that closes it after "a ", found "[amd64"'],
    ['-a', 'expected a package name, found "-a"'],
    [`\${misc:Depends}`, `expected a package name, found "\${misc:Depends}"`],
  ])('refuses %j', (text, message) => {
    expect(() => parseDependencies(text, 'Depends of x')).toThrow(`Depends of x: ${message}`)
  })

  it('limits the size of what it reads', () => {
    const code = (text: string) => {
      try {
        parseDependencies(text)
      } catch (error) {
        return error instanceof TemperError ? error.code : error
      }
      return 'accepted'
    }
    expect(code('a,'.repeat(20_000))).toBe('accepted')
    expect(code('a,'.repeat(20_001))).toBe('limit-exceeded')
    expect(code('a'.repeat(257))).toBe('limit-exceeded')
    expect(code(`a (= ${'1'.repeat(1025)})`)).toBe('limit-exceeded')
    expect(code(' '.repeat((1 << 20) + 1))).toBe('limit-exceeded')
  })

  const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9+._-]{0,8}$/)
  const requirement: fc.Arbitrary<Requirement> = fc.oneof(
    fc.record({ name, qualifier: fc.constantFrom('any', 'native', 'amd64') }, { requiredKeys: ['name'] }),
    fc.record({
      name,
      relation: fc.constantFrom('<<', '<=', '=', '>=', '>>'),
      version: fc.stringMatching(/^[0-9][A-Za-z0-9.+~:-]{0,8}$/),
    }),
  )

  it('reads back what it would print', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(requirement, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        (all) => {
          expect(parseDependencies(all.map(formatDependency).join(', '))).toEqual(all)
          expect(parseRequirements(all.flat().map(formatRequirement).join(', '))).toEqual(all.flat())
        },
      ),
    )
  })

  it('reads any text or refuses it with an error of its own', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('a', '(', ')', '>=', '1', '|', ',', ':', '[', ']', '<', '>', ' ', '!'))
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(text, (given) => {
        for (const parse of [parseDependencies, parseRequirements]) {
          try {
            expect(Array.isArray(parse(given))).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(TemperError)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseRequirements', () => {
  it('reads a list', () => {
    expect(parseRequirements('libfoo1 (= 1.2), mail-transport-agent, b:any')).toEqual([
      { name: 'libfoo1', relation: '=', version: '1.2' },
      { name: 'mail-transport-agent' },
      { name: 'b', qualifier: 'any' },
    ])
  })

  it('has no alternatives', () => {
    expect(() => parseRequirements('a | b')).toThrow('expected "," after "a ", found "| b"')
  })
})
