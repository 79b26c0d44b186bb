import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, visible } from './fold.ts'

describe('folding', () => {
  it('goes on behind the label', () => {
    expect(fold('  left out    documentation 94, service manager 7, scheduled job 2\n', 40)).toBe(
      '  left out    documentation 94, service\n              manager 7, scheduled job 2\n',
    )
  })

  it('leaves short lines, colours and long words as they are', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    expect(fold(`short\n  digest      ${digest}\n`, 80)).toBe(`short\n  digest\n         ${digest}\n`)
    expect(fold(digest, 40)).toBe(digest)
    expect(visible('\u001b[1mbold\u001b[22m')).toBe(4)
    expect(visible('漢字')).toBe(4)
  })

  it('changes nothing but blanks, and fits', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/)
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 40, max: 120 }), (words, columns) => {
        const folded = fold(words.join(' '), columns)
        expect(folded.split(/\s+/)).toEqual(words.join(' ').split(/\s+/))
        for (const line of folded.split('\n')) expect(visible(line)).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
