import { describe, expect, it } from 'vitest'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { FeedCoverage } from '../../model/advisory/coverage.ts'
import { Coverage } from './coverage.ts'

function feed(id: string, covers: Partial<FeedCoverage>, more: Partial<FeedState> = {}): FeedState {
  return {
    id,
    kind: 'osv',
    count: 1,
    digest: `sha256:${'0'.repeat(64)}`,
    covers: [{ extent: 'list', by: 'person', knows: 'all', ecosystems: ['Debian:13'], ...covers }],
    ...more,
  }
}

const debian = [{ ecosystem: 'Debian:13', name: 'nginx' }]
const alpine = [{ ecosystem: 'Alpine:v3.20', name: 'nginx' }]
const nobody: ReadonlySet<string> = new Set()

describe('what silence about a package means', () => {
  it('good news where a whole list is there, of the day of that list', () => {
    const fetched = { url: 'https://a.example', fetched: '2026-05-02T00:00:00Z', date: '2026-04-01' }
    expect(new Coverage([feed('a', {}, fetched)]).outcome(debian, nobody)).toEqual({
      compared: true,
      feeds: [{ id: 'a', knows: 'all', date: '2026-05-02T00:00:00Z' }],
    })
    const imported = { fetched: '2026-05-02T00:00:00Z', date: '2020-04-01' }
    expect(new Coverage([feed('a', {}, imported)]).outcome(debian, nobody).feeds[0]?.date).toBe('2020-04-01')
  })

  it.each<readonly [string, readonly FeedState[], string]>([
    ['no feed', [], 'no feed lists Debian 13'],
    ['another release', [feed('a', { ecosystems: ['Debian:12'] })], 'no feed lists Debian 13'],
    ['single records', [feed('a', { extent: 'records' })], 'no feed lists Debian 13: a has single records'],
    [
      'packages of others',
      [feed('a', { extent: 'packages', packages: ['redis'] })],
      'a has what is known of others',
    ],
    ['a feed that says nothing', [{ ...feed('a', {}), covers: [] }], 'no feed lists Debian 13'],
  ])('nothing with %s', (_, feeds, reason) => {
    const outcome = new Coverage(feeds).outcome(debian, nobody)
    expect(outcome).toMatchObject({ compared: false, feeds: [] })
    expect(outcome.reason).toContain(reason)
  })

  it('nothing of what is open where repairs alone are known, and somebody publishes the rest', () => {
    const repairs = feed('changelogs', { extent: 'packages', knows: 'repaired', packages: ['nginx'] })
    expect(new Coverage([repairs]).outcome(debian, nobody)).toMatchObject({
      compared: true,
      reason: 'for Debian 13 only repairs are known, not what is still open',
    })
    expect(new Coverage([repairs, feed('tracker', {})]).outcome(debian, nobody).reason).toBeUndefined()
    const secdb = feed('secdb', { knows: 'repaired', ecosystems: ['Alpine:v3.20'] })
    expect(new Coverage([secdb]).outcome(alpine, nobody)).toEqual({
      compared: true,
      feeds: [{ id: 'secdb', knows: 'repaired' }],
    })
  })

  it('of a list in parts: only all of them speak for what none of them names', () => {
    const part = (name: string) =>
      feed(name, { knows: 'repaired', ecosystems: ['Alpine:v3.20'], part: name }, { kind: 'secdb' })
    const main = new Coverage([part('main')])
    expect(main.outcome(alpine, nobody)).toMatchObject({ compared: false })
    expect(main.outcome(alpine, nobody).reason).toContain('only "main" of the lists')
    expect(main.outcome(alpine, new Set(['main'])).compared).toBe(true)
    expect(main.listed(['Alpine:v3.20'])).toBe(false)
    const both = new Coverage([part('main'), part('community')])
    expect(both.outcome(alpine, nobody).compared).toBe(true)
    expect(both.listed(['Alpine:v3.20'])).toBe(true)
  })
})
