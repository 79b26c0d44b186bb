import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitWords } from './command.ts'

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['a b\tc\nd', ['a', 'b', 'c', 'd']],
    [`nginx -g 'daemon off;'`, ['nginx', '-g', 'daemon off;']],
    [`a"b c"d`, ['ab cd']],
    [`'' ""`, ['', '']],
    [`"it's"`, ["it's"]],
    ['$HOME \\n a;b | c', ['$HOME', '\\n', 'a;b', '|', 'c']],
    ["'open", undefined],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it('gives back the words that were quoted', () => {
    const word = fc.string().filter((text) => !text.includes("'"))
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitWords(words.map((text) => `'${text}'`).join(' '))).toEqual(words)
      }),
    )
  })
})
