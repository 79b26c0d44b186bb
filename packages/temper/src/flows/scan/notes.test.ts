import { describe, expect, it } from 'vitest'
import type { AdvisoryIndex, FeedState } from '../../model/advisory/advisory.ts'
import type { LedgerEntry } from '../../model/advisory/ledger.ts'
import { sampleFinding } from '../../policy/gate/fixtures/sample.ts'
import { dayNotes, emptyNotes, feedNotes, severityNotes } from './notes.ts'

const feed = (over: Partial<FeedState> = {}): FeedState => ({
  id: 'osv',
  kind: 'osv',
  count: 10_000,
  digest: `sha256:${'0'.repeat(64)}`,
  ...over,
})
const index = (over: object = {}): AdvisoryIndex => ({ feeds: [feed()], ...over }) as unknown as AdvisoryIndex
const asked = (...ids: readonly string[]): LedgerEntry[] => [
  { component: sampleFinding().component, compared: true, feeds: ids.map((id) => ({ id, knows: 'all' })) },
]

describe('records that could not be read', () => {
  it.each<[number, string | undefined]>([
    [0, undefined],
    [1, 'feed-records-skipped'],
    [10, 'feed-records-skipped'],
    [11, 'feed-damaged'],
    [10_000, 'feed-damaged'],
  ])('are told: %i of about ten thousand as %s', (skipped, code) => {
    const notes = feedNotes(index({ feeds: [feed({ skipped })] }), asked('osv'))
    expect(notes.map((note) => note.code)).toEqual(code === undefined ? [] : [code])
    if (skipped > 0)
      expect(notes[0]?.message).toBe(
        `${skipped} of ${10_000 + skipped} records of the feed osv could not be read.`,
      )
  })

  it('of a feed that nobody asked concern nobody', () => {
    const feeds = [feed({ skipped: 5 }), feed({ id: 'other', skipped: 5 })]
    expect(feedNotes(index({ feeds }), asked('other')).map(({ message }) => message)).toEqual([
      expect.stringContaining('of the feed other'),
    ])
    expect(feedNotes(index({ feeds }), [])).toEqual([])
  })

  it('of a feed that has nothing else are a gap', () => {
    const notes = feedNotes(index({ feeds: [feed({ count: 0, skipped: 1 })] }), asked('osv'))
    expect(notes.map(({ code }) => code)).toEqual(['feed-damaged'])
  })
})

describe('findings without a severity', () => {
  it.each([
    [0, undefined],
    [1, /^1 finding has no severity/],
    [2, /^2 findings have no severity/],
  ])('%i of them', (amount, message) => {
    const findings = [
      sampleFinding(),
      ...Array.from({ length: amount }, () => sampleFinding({ severity: 'unknown' })),
    ]
    const notes = severityNotes(findings)
    expect(notes).toHaveLength(message === undefined ? 0 : 1)
    if (message !== undefined) expect(notes[0]?.message).toMatch(message)
  })
})

describe('a day in the past', () => {
  it.each<[object, string | undefined]>([
    [{}, undefined],
    [{ asOf: { day: '2026-01-01', exact: true } }, undefined],
    [{ asOf: { day: '2026-01-01', exact: false } }, 'as-of-rebuilt'],
    [{ asOf: { day: '2026-01-01', exact: true }, feeds: [] }, 'no-advisories'],
    [{ asOf: { day: '2026-01-01', exact: false }, feeds: [] }, 'no-advisories'],
    // Today, a store without feeds is an error long before this.
    [{ feeds: [] }, undefined],
  ])('%j is told as %s', (over, code) => {
    expect(dayNotes(index(over)).map((note) => note.code)).toEqual(code === undefined ? [] : [code])
  })
})

it('nothing in a target is told, and something is not', () => {
  const target = (components: readonly unknown[]) => ({ inventory: { components } }) as never
  expect(emptyNotes(target([])).map(({ code }) => code)).toEqual(['no-packages'])
  expect(emptyNotes(target([sampleFinding().component]))).toEqual([])
})
