import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ScanResult } from '../../../model/advisory/finding.ts'
import { gateKinds } from '../../../model/advisory/scan-report.ts'
import { sampleResult } from '../fixtures/sample.ts'
import { findingMeasures, findingWords } from './finding.ts'
import { type TargetWord, targetConditions, targetWords } from './target.ts'

/** Each fault of a target as "subject: found". */
function faults(word: TargetWord, over: Partial<ScanResult>): string[] {
  const all = [...targetConditions[word].check(sampleResult(over))]
  return all.map(({ id, subject, found }) => `${id} ${subject}: ${found}`)
}

const distribution = { id: 'debian', version: '10' }
const feed = { id: 'osv', kind: 'osv', count: 1, digest: `sha256:${'0'.repeat(64)}` } as const

describe('conditions on a target', () => {
  it.each<[TargetWord, string, Partial<ScanResult>, string[]]>([
    ['eol', 'nothing known of its support', {}, []],
    ['eol', 'looked after', { support: { distribution, endOfLife: '2030-01-01', ended: false } }, []],
    [
      'eol',
      'at its end',
      { support: { distribution, endOfLife: '2024-06-30', ended: true } },
      ['debian debian 10: support ended on 2024-06-30'],
    ],
    [
      'eol',
      'at its end, with a title',
      {
        support: {
          distribution: { ...distribution, title: 'Debian 10' },
          endOfLife: '2024-06-30',
          ended: true,
        },
      },
      ['debian Debian 10: support ended on 2024-06-30'],
    ],
    [
      'eol',
      'at its end, without a version',
      { support: { distribution: { id: 'x', version: '' }, endOfLife: '2024-06-30', ended: true } },
      ['x x: support ended on 2024-06-30'],
    ],
    ['stale-feeds', 'with fresh feeds', { feeds: [feed] }, []],
    ['stale-feeds', 'without feeds', { feeds: [] }, ['feeds advisories: there are none']],
    [
      'stale-feeds',
      'with old ones among them',
      {
        feeds: [
          { ...feed, stale: true, date: '2026-01-01' },
          { ...feed, id: 'kev' },
          { ...feed, id: 'epss', stale: true, fetched: '2026-01-02' },
          { ...feed, id: 'x', stale: true },
        ],
      },
      ['osv feed osv: of 2026-01-01', 'epss feed epss: of 2026-01-02', 'x feed x: of unknown age'],
    ],
    ['incomplete', 'that was compared', {}, []],
    ['incomplete', 'with a note that is no gap', { notes: [{ code: 'other', message: 'x' }] }, []],
    ['incomplete', 'without feeds', { feeds: [] }, ['incomplete a: there are no advisories']],
    [
      'incomplete',
      'with gaps, of which each is told',
      {
        notes: [
          { code: 'other', message: 'x' },
          { code: 'no-packages', message: 'nothing was found' },
          { code: 'no-advisories', message: 'nothing is known' },
        ],
      },
      ['incomplete a: nothing was found', 'incomplete a: nothing is known'],
    ],
  ])('%s: a target %s', (word, _, over, expected) => {
    expect(faults(word, over)).toEqual(expected)
  })

  it('are rules with texts, of a kind that reports know', () => {
    for (const word of targetWords) {
      const { kind, title, why, fix } = targetConditions[word]
      expect(gateKinds).toContain(kind)
      expect([title, why, fix].every((text) => text.length > 10)).toBe(true)
    }
  })
})

it('every condition has a row in the reference', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../../docs/reference/gate.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const word of [...findingWords, ...targetWords, 'secret', ...Object.keys(findingMeasures)])
    expect(rows.some((row) => new RegExp(`^\\| [^|]*\`${word}[\`>]`).test(row))).toBe(true)
})
