import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownMember } from './own-member.ts'

const inherited = Object.getOwnPropertyNames(Object.prototype)

describe('a member of a table', () => {
  it.each(inherited)('is not what every object has: %s', (name) => {
    expect(ownMember({ a: 1 }, name)).toBeUndefined()
    expect(ownMember(Object.fromEntries([[name, 1]]), name)).toBe(1)
  })

  it('is what a map has under that name, whatever it is', () => {
    const name = fc.oneof(fc.constantFrom(...inherited, 'a', ''), fc.string())
    fc.assert(
      fc.property(fc.dictionary(name, fc.integer()), name, (table, asked) => {
        expect(ownMember(table, asked)).toBe(new Map(Object.entries(table)).get(asked))
      }),
    )
  })
})
