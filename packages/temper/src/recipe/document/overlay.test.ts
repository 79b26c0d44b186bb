import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecipeDocument } from './document.ts'
import { overlay, within, withoutKeys } from './overlay.ts'

/** A document whose places are its name and the path. */
function documentOf(name: string, value: unknown): RecipeDocument {
  const placeOf = (path: readonly PropertyKey[]) => `${name}:${path.join('.')}` as never
  return { value, placeOf, keyPlaceOf: placeOf } as RecipeDocument
}
const laid = (base: unknown, top: unknown) => overlay(documentOf('base', base), documentOf('top', top)).value

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>('x', 'y', 1, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('a', 'paths', 'name', 'toString', 'constructor', '__proto__'),
      tie('value'),
      {
        maxKeys: 3,
      },
    ),
  ),
})).value
const mappings = fc.dictionary(fc.constantFrom('a', 'b', 'paths', 'tags', 'constructor'), values)

describe('a recipe over another', () => {
  it.each<[unknown, unknown, unknown]>([
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ tags: ['1'] }, { tags: ['2'] }, { tags: ['1', '2'] }],
    [{ tags: ['1', '2'] }, { tags: ['!1'] }, { tags: ['2'] }],
    // A command is one thing.
    [{ entrypoint: ['a', 'b'] }, { entrypoint: ['c'] }, { entrypoint: ['c'] }],
    [
      { contents: { packages: ['nginx=1'] } },
      { contents: { packages: ['nginx=2'] } },
      { contents: { packages: ['nginx=2'] } },
    ],
    [{ paths: [{ path: '/a', mode: 1 }] }, { paths: ['!/a', { path: '/b' }] }, { paths: [{ path: '/b' }] }],
    [{ a: [1] }, { a: 'x' }, { a: 'x' }],
  ])('%j and %j are %j', (base, top, expected) => {
    expect(laid(base, top)).toEqual(expected)
  })

  it('may take away from a list of anything', () => {
    const odd = { toString: 1, valueOf: 2 }
    expect(laid({ tags: [odd, 'x', 7] }, { tags: ['!x', '!7'] })).toEqual({ tags: [odd] })
  })

  it('says of each value where it is from', () => {
    const { placeOf } = overlay(
      documentOf('base', { a: { b: 1 }, tags: ['x'] }),
      documentOf('top', { a: { c: 2 }, tags: ['y'] }),
    )
    expect(
      [
        ['a', 'b'],
        ['a', 'c'],
        ['tags', 0],
        ['tags', 1],
      ].map((path) => placeOf(path as never)),
    ).toEqual(['base:a.b', 'top:a.c', 'base:tags.0', 'top:tags.0'])
  })

  it('that says nothing changes nothing, and over nothing is itself, whatever there is', () => {
    fc.assert(
      fc.property(mappings, mappings, (one, other) => {
        expect(laid(one, {})).toEqual(one)
        expect(Object.keys(laid(one, other) as object).sort()).toEqual(
          [...new Set([...Object.keys(one), ...Object.keys(other)])].sort(),
        )
      }),
    )
  })

  it('has what every object has only where it is written', () => {
    const document = documentOf('base', { variants: {} })
    expect(within(document, ['variants', 'constructor']).value).toBeUndefined()
    expect(withoutKeys(documentOf('base', { a: 1, b: 2 }), new Set(['a'])).value).toEqual({ b: 2 })
  })
})
