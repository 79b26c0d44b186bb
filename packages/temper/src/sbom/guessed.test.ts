import { describe, expect, test } from 'vitest'
import { guessedFrom, guessedText, guessTechnique, parseGuessedText } from './guessed.ts'

describe('what a name was guessed from', () => {
  test.each(['packages', 'file name', 'Bundle-SymbolicName'])('%s is read back', (from) => {
    expect(parseGuessedText(guessedText(from))).toBe(from)
  })

  test.each([
    '',
    'temper:guessedFrom: ',
    'temper:guessedFrom: <b>',
    `temper:guessedFrom: ${'a'.repeat(100)}`,
    'packages',
  ])('%j says nothing', (text) => {
    expect(parseGuessedText(text)).toBeUndefined()
  })

  test('other texts in the property are not believed', () => {
    expect(guessedFrom('one\ntwo')).toBeUndefined()
    expect(guessedFrom(undefined)).toBeUndefined()
  })

  test('has a technique of CycloneDX', () => {
    expect(['packages', 'file name', 'Automatic-Module-Name'].map(guessTechnique)).toEqual([
      'binary-analysis',
      'filename',
      'manifest-analysis',
    ])
  })
})
