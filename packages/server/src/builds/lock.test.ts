import { describe, expect, it } from 'vitest'
import { otherThanLocked, readLock } from './lock.ts'

const packageOf = (name: string, version = '1') => ({ name, version, source: { name, version } })
const lockOf = (...platforms: object[]) => readLock(JSON.stringify({ suites: [], platforms }))
const deb = (name: string, version = '1') => ({ type: 'deb' as const, name, version })
const lock = lockOf({ platform: 'linux/amd64', packages: [packageOf('a'), packageOf('b', '2')] })
const good = [deb('a'), deb('b', '2')]
const ids = ['sha256:1', 'sha256:2']

describe('a lock', () => {
  it.each([
    ['text that is not JSON', '{"suites"', 'bad-lock'],
    ['what is nested deeper than any', '['.repeat(100), 'limit-exceeded'],
  ])('is not %s', (_, text, code) => {
    expect(() => readLock(text)).toThrow(expect.objectContaining({ code }))
  })
})

describe('an image beside its lock', () => {
  it('is as it says', () => {
    const contents = new Map([['linux/amd64', [...good, { type: 'npm' as const, name: 'x', version: '1' }]]])
    expect(otherThanLocked(lock, { found: contents, ids })).toBeUndefined()
  })

  it.each<[string, [string, ReturnType<typeof deb>[]][], string, number?]>([
    ['a package that is missing', [['linux/amd64', [deb('a')]]], 'it lacks b 2'],
    ['another version', [['linux/amd64', [deb('a', '0.9'), deb('b', '2')]]], 'it has a 0.9, and the lock 1'],
    [
      'one that the lock has not',
      [['linux/amd64', [...good, deb('c')]]],
      'it has c, which the lock does not have',
    ],
    ['another platform', [['linux/arm64', good]], 'it is for linux/arm64, and the lock for linux/amd64'],
    ['no platform', [], 'it is for , and the lock for linux/amd64'],
    ['a platform that was not told', [['linux/amd64', good]], 'it has more platforms than the lock', 5],
  ])('with %s is another', (_, platforms, why, count = 2) => {
    const all = Array.from({ length: count }, (__, index) => `sha256:${index}`)
    expect(otherThanLocked(lock, { found: new Map(platforms), ids: all })).toBe(why)
  })

  it('with a base has what the base has', () => {
    const based = lockOf({ platform: 'linux/amd64', packages: [packageOf('a')], base: { image: 'x' } })
    const contents = new Map([['linux/amd64', [deb('a'), deb('c')]]])
    expect(otherThanLocked(based, { found: contents, ids })).toBeUndefined()
  })
})
