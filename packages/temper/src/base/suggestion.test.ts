import { describe, expect, it } from 'vitest'
import { closest } from './suggestion.ts'

describe('closest', () => {
  it.each([
    ['entrypiont', ['cmd', 'entrypoint', 'environment'], 'entrypoint'],
    ['Paths', ['paths', 'ports'], 'paths'],
    ['ngnix', ['nginx', 'nginx-common'], 'nginx'],
    ['workdir', ['work-dir'], 'work-dir'],
    ['zebra', ['paths', 'ports'], undefined],
    ['x', ['paths'], undefined],
    ['', ['paths'], undefined],
    ['y'.repeat(101), ['y'.repeat(101)], undefined],
  ])('%s', (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected)
  })
})
