import { describe, expect, it } from 'vitest'
import { sampleIndex, sampleOptions, sampleRequests } from './fixtures/sample-index.ts'
import { prunePackages } from './prune.ts'
import { solve } from './solve.ts'

function solution(index: string, requests: string) {
  return solve(sampleRequests(requests), sampleIndex(index), sampleOptions).packages
}

const names = (index: string, requests: string) =>
  solution(index, requests).map(({ package: { name } }) => name)

describe('a package that wants to be installed with others', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['comes when all of them are there', 'a\nb\nab: with a, b', 'a b', ['a', 'ab', 'b']],
    ['stays out when one is missing', 'a\nb\nab: with a, b', 'a', ['a']],
    [
      'comes by what they provide, in the version that it names',
      'a: provides x (= 2)\nx2: with x (= 2)\nx3: with x (= 3)',
      'a',
      ['a', 'x2'],
    ],
    [
      'brings what it needs, which brings others',
      'a\nb: with a; depends c\nc\nd: with c',
      'a',
      ['a', 'b', 'c', 'd'],
    ],
    ['stays out when it cannot be there', 'a\nb: with a; depends nothing', 'a', ['a']],
    ['stays out when it conflicts with what is asked for', 'a\nb: with a; conflicts a', 'a', ['a']],
    ['stays out when the recipe excludes it', 'a\nb: with a', 'a !b', ['a']],
    ['may be asked for as any other', 'a\nb: with a', 'b', ['b']],
    [
      'stays out when another version of it is there',
      'a: depends b (= 1)\nb 1\nb 2: with a',
      'a',
      ['a', 'b'],
    ],
    ['stays out where it needs to be there itself', 'b: with b', 'b', ['b']],
    ['comes though another provides its name', 'a: provides b\nb: with a', 'a', ['a', 'b']],
    ['comes when it provides the name of one that is there', 'a\nc: provides a; with a', 'a', ['a', 'c']],
    ['comes by any of several', 'a\nc: with x | a', 'a', ['a', 'c']],
  ])('%s', (_title, index, requests, expected) => {
    expect(names(index, requests)).toEqual(expected)
  })

  it('leaves the version alone that is there without it, also where others provide its name', () => {
    const packages = solution('a: provides b\nb 1: with a\nb 2', 'a b')
    expect(packages.map(({ package: { name, version } }) => `${name} ${version}`)).toEqual(['a 1', 'b 2'])
  })

  it('is not needed by those that it comes with when it is there anyway', () => {
    const packages = solution('a\nb: with a', 'a b')
    expect(packages.map(({ needs }) => needs)).toEqual([[], []])
  })

  it('is wanted by the first of them, and leaves with it', () => {
    const packages = solution('a: depends sh\nsh\nextra: with sh, a', 'a')
    expect(packages.find(({ package: { name } }) => name === 'extra')).toMatchObject({ wantedBy: 'sh' })
    const { kept, pruned } = prunePackages(
      { packages },
      {
        installOnly: (name) => (name === 'sh' ? { reason: 'is a shell' } : undefined),
        requested: sampleRequests('a'),
        allow: [],
      },
    )
    expect(kept.map(({ package: { name } }) => name)).toEqual(['a'])
    expect(pruned).toMatchObject([
      { name: 'extra', reason: 'only needed by sh, also left out' },
      { name: 'sh', reason: 'is a shell' },
    ])
  })
})
