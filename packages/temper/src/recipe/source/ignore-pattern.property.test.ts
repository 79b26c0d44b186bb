import { matchesGlob } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ignorePattern } from './ignore-pattern.ts'

const one = (...words: readonly string[]) => fc.constantFrom(...words)
const name = fc
  .array(one('a', 'b', 'B', '-', '.x', '1', '_'), { minLength: 1, maxLength: 3 })
  .map((letters) => letters.join(''))
  // Hidden files are files here, and not there.
  .filter((text) => !text.startsWith('.'))
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
const piece = one('a', 'b', 'B', '*', '?', '[ab]', '[a-c]', '[^a]', '[^ab]', '[Bb]', '.x', '1', '_', '-')
const part = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { minLength: 1, maxLength: 3 }).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.constant('**') },
)
const pattern = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((all) => all.join('/'))
  // Two stars within a name are told apart below; where a pattern ends in two, opinions differ whether that may be nothing.
  .filter((text) => !/[^/]\*\*|\*\*[^/]|\*\*$/.test(text))

describe('patterns of .dockerignore', () => {
  it('fit what patterns of the same signs fit elsewhere', () => {
    let both = 0
    fc.assert(
      fc.property(pattern, path, (text, place) => {
        const expected = matchesGlob(place, text)
        if (expected) both++
        expect({ text, place, fits: ignorePattern(text)(place) }).toEqual({ text, place, fits: expected })
      }),
      { numRuns: 3000, seed: 71 },
    )
    expect(both).toBeGreaterThan(40)
  })

  it.each<[string, readonly string[], readonly string[]]>([
    ['**', ['a', 'a/b'], []],
    ['**/x', ['x', 'a/x', 'a/b/x'], ['ax', 'x/a']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'ab']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['**/a/**', ['a/b', 'x/a/b'], ['a']],
    ['a**b', ['ab', 'a/x/b'], ['a', 'xab']],
    ['[Bb]in', ['Bin', 'bin'], ['tin', 'in']],
    ['[a-c]?', ['ax', 'c1'], ['a', 'dx']],
    ['*.[oa]', ['x.o', '.a'], ['x.c', 'x/y.o']],
    ['[^.]*', ['a', 'a.b'], ['.a']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a\\]]', [']', 'a'], ['\\']],
    ['[a', ['[a'], ['a']],
    ['[]', ['[]'], ['']],
    ['\\*', ['*'], ['a']],
    ['a\\?', ['a?'], ['ab']],
    ['é?', ['éa', 'é😀'], ['é']],
    ['*', ['a', '.hidden', ''], ['a/b']],
  ])('%s', (text, yes, no) => {
    const fits = ignorePattern(text)
    expect(yes.filter((each) => !fits(each))).toEqual([])
    expect(no.filter((each) => fits(each))).toEqual([])
  })

  it('takes no longer for what looks hard', () => {
    const fits = ignorePattern(`${'*a'.repeat(200)}b`)
    expect(fits('a'.repeat(3000))).toBe(false)
    expect(ignorePattern(`${'**/a/'.repeat(100)}b`)('a/'.repeat(500))).toBe(false)
  })
})
