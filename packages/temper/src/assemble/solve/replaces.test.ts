import { describe, expect, it } from 'vitest'
import { replacesFilesOf } from './replaces.ts'
import { sampleOptions, samplePackage } from './sample-index.ts'

const replaces = (winner: string, loser: string) =>
  replacesFilesOf(samplePackage(winner), samplePackage(loser), sampleOptions)

describe('replacesFilesOf', () => {
  it.each([
    ['a: replaces b', 'b 1', true],
    ['a: replaces b (<< 2)', 'b 1', true],
    ['a: replaces b (<< 2)', 'b 2', false],
    ['a', 'b 1', false],
    ['a 2: replaces a (<< 2)', 'a 1', false],
    ['a: replaces v', 'b 1: provides v', false],
  ])('%s, %s: %s', (winner, loser, expected) => {
    expect(replaces(winner, loser)).toBe(expected)
  })
})
