import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damage } from './fixtures/damage.ts'
import { sealOf, unsealed } from './sealed.ts'

const sealed = (name: string, content: Uint8Array | string) =>
  Buffer.concat([Buffer.from(sealOf(name, content)), Buffer.from(content)])

describe('a sealed value', () => {
  it.each(['', 'x', '{"a":1}\n', 'ü'.repeat(1000)])('gives back %j', (content) => {
    expect(Buffer.from(unsealed('name', sealed('name', content)) ?? []).toString()).toBe(content)
    expect(unsealed('name', sealed('name', Buffer.from(content)))).toEqual(Buffer.from(content))
  })

  it('is none under another name, and none without its line', () => {
    expect(unsealed('b', sealed('a', 'content'))).toBeUndefined()
    expect(unsealed('', sealed('a', 'content'))).toBeUndefined()
    for (const text of ['', 'content', '\n', '{}', `${'0'.repeat(64)}\n`, `${'0'.repeat(64)}\ncontent`])
      expect(unsealed('a', Buffer.from(text))).toBeUndefined()
  })

  it('is none whatever of it is flipped, cut off, zeroed, added or taken out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), damage, (content, name, { apply }) => {
        const before = sealed(name, content)
        const after = apply(before)
        expect(unsealed(name, after)).toEqual(before.equals(after) ? Buffer.from(content) : undefined)
      }),
      { numRuns: 2000 },
    )
  })
})
