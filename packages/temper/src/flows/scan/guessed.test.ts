import { describe, expect, test } from 'vitest'
import type { Component, Inventory } from '../../model/inventory.ts'
import { guessedNotes } from './guessed.ts'

function inventory(...guesses: (string | undefined)[]): Inventory {
  const components = guesses.map((guessedFrom, i): Component => {
    const name = `org.example:lib${i}`
    const common = { type: 'maven', name, version: '1.0', purl: `pkg:maven/org.example/lib${i}@1.0` } as const
    return {
      ...common,
      ...(guessedFrom === undefined ? {} : { guessedFrom }),
      locations: [],
      foundBy: 'java',
    }
  })
  return { components, layers: [], notes: [] }
}

describe('archives that do not say what they are', () => {
  test.each<[readonly (string | undefined)[], string | undefined]>([
    [[], undefined],
    [[undefined], undefined],
    [
      [undefined, 'packages'],
      '1 archive does not say what it is: its name was guessed (org.example:lib1 1.0 from packages)',
    ],
    [
      ['packages', 'file name', 'packages', 'packages', 'packages'],
      '5 archives do not say what they are: their names were guessed (org.example:lib0 1.0 from packages, org.example:lib1 1.0 from file name, org.example:lib2 1.0 from packages, and 2 more)',
    ],
  ])('%j', (guesses, message) => {
    expect(guessedNotes(inventory(...guesses)).map((note) => note.message)).toEqual(
      message === undefined ? [] : [message],
    )
  })
})
