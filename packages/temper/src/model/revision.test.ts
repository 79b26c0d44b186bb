import { describe, expect, it } from 'vitest'
import { revisions, versionForBytesOf } from './revision.ts'

describe('the version that gives the bytes of a lock', () => {
  const ended = [
    { revision: 1, lastVersion: '0.4.2' },
    { revision: 2, lastVersion: '0.6.0' },
  ]

  it.each([
    ['an ended revision has its last version', { version: '0.3.0', revision: 1 }, '0.4.2'],
    ['another ended revision', { version: '0.5.0', revision: 2 }, '0.6.0'],
    ['the current one needs no other version', { version: '0.7.0', revision: 3 }, undefined],
    ['one that is newer is known by its maker only', { version: '1.2.0', revision: 9 }, '1.2.0'],
  ])('%s', (_what, maker, expected) => {
    expect(versionForBytesOf(maker, { current: 3, ended })).toBe(expected)
  })

  it('takes what this version makes as its own', () => {
    expect(versionForBytesOf({ version: 'any', revision: revisions.current })).toBeUndefined()
  })
})
