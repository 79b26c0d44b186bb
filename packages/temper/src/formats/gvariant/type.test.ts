import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GVariantError, layoutOf, memberTypes, padded, splitTypes } from './type.ts'

describe('types of GVariant', () => {
  // "GVariant specification", sections 2.3 and 2.4.
  it.each<[string, number, number | undefined]>([
    ['b', 1, 1],
    ['y', 1, 1],
    ['n', 2, 2],
    ['q', 2, 2],
    ['i', 4, 4],
    ['u', 4, 4],
    ['h', 4, 4],
    ['x', 8, 8],
    ['t', 8, 8],
    ['d', 8, 8],
    ['s', 1, undefined],
    ['o', 1, undefined],
    ['g', 1, undefined],
    ['v', 8, undefined],
    ['ai', 4, undefined],
    ['ay', 1, undefined],
    ['as', 1, undefined],
    ['at', 8, undefined],
    ['mi', 4, undefined],
    ['ms', 1, undefined],
    ['()', 1, 1],
    ['(y)', 1, 1],
    ['(i)', 4, 4],
    ['(yi)', 4, 8],
    ['(iy)', 4, 8],
    ['(yy)', 1, 2],
    ['(ynyt)', 8, 16],
    ['(si)', 4, undefined],
    ['(ai)', 4, undefined],
    ['{sv}', 8, undefined],
    ['{yi}', 4, 8],
    ['((yi)y)', 4, 12],
    ['(y(yt))', 8, 24],
    ['a{sv}', 8, undefined],
    ['a(yi)', 4, undefined],
    ['((()))', 1, 1],
  ])('%s: aligned at %i, %s bytes', (type, alignment, size) => {
    expect(layoutOf(type)).toEqual(size === undefined ? { alignment } : { alignment, size })
  })

  it.each([
    ['', []],
    ['s', ['s']],
    ['sa{sv}', ['s', 'a{sv}']],
    ['(ii)aay', ['(ii)', 'aay']],
    ['mam(s)', ['mam(s)']],
    ['{s(ii)}b', ['{s(ii)}', 'b']],
  ])('%s are several', (types, expected) => {
    expect(splitTypes(types)).toEqual(expected)
    expect(memberTypes(`(${types})`)).toEqual(expected)
  })

  it.each([
    '(',
    'a',
    'm',
    '(i',
    '{sv',
    ')',
    'z',
    'constructor',
    'a)',
    '(i}',
    `${'a'.repeat(40)}i`,
    '('.repeat(10_000),
  ])('%s is none', (types) => {
    expect(() => splitTypes(types)).toThrow(GVariantError)
  })

  it('are split into types that are whole, whatever is written', () => {
    const letters = fc.array(fc.constantFrom(...'bynqiuhxtdsogvam(){}z'), { maxLength: 20 })
    fc.assert(
      fc.property(letters, (all) => {
        const text = all.join('')
        try {
          const split = splitTypes(text)
          expect(split.join('')).toBe(text)
          for (const type of split) {
            expect(splitTypes(type)).toEqual([type])
            const { alignment, size } = layoutOf(type)
            expect([1, 2, 4, 8]).toContain(alignment)
            if (size !== undefined) expect(size % alignment).toBe(0)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(GVariantError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('begin at the next place that is aligned', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(1, 2, 4, 8), (offset, alignment) => {
        const at = padded(offset, alignment)
        expect(at % alignment).toBe(0)
        expect(at - offset).toBeGreaterThanOrEqual(0)
        expect(at - offset).toBeLessThan(alignment)
      }),
    )
  })
})
