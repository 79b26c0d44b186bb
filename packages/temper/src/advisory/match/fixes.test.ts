import { describe, expect, it } from 'vitest'
import type { Advisory, AffectedPackage, RangeEvent } from '../../model/advisory/advisory.ts'
import { component, findingsIn, inventory, sampleIndex } from './fixtures/sample.ts'

/** A record about the npm package "a"; all are about one problem. */
function advisory(id: string, affected: Partial<AffectedPackage>): Advisory {
  const about = { ecosystem: 'npm', name: 'a', ranges: [], versions: [] }
  return { id, aliases: ['CVE-2024-0001'], feed: 'osv', severity: [], affected: [{ ...about, ...affected }] }
}

const range = (...events: readonly RangeEvent[]) => ({ scheme: 'semver' as const, events })
const until = (fixed: string) => range({ introduced: '0' }, { fixed })

/** The versions that repair the problem in 1.0.0. */
function fixes(...all: readonly Partial<AffectedPackage>[]): readonly string[] | undefined {
  const advisories = all.map((affected, i) => advisory(`X-${String(i).padStart(3, '0')}`, affected))
  const index = sampleIndex({ osv: [] }, { advisories })
  return findingsIn(inventory([component('npm', 'a', { version: '1.0.0' })]), index)[0]?.fixedVersions
}

describe('what repairs a problem', () => {
  it.each<[string, readonly Partial<AffectedPackage>[], readonly string[]]>([
    ['is where all records end', [{ ranges: [until('2.0.0')] }, { ranges: [until('2.0.0')] }], ['2.0.0']],
    ['is the last of several ends', [{ ranges: [until('2.0.0')] }, { ranges: [until('3.0.0')] }], ['3.0.0']],
    [
      'is nothing when a version is only the last affected',
      [{ ranges: [range({ introduced: '0' }, { lastAffected: '2.0.0' })] }],
      [],
    ],
    [
      'is behind what another record calls affected',
      [{ ranges: [until('2.0.0')] }, { ranges: [range({ introduced: '0' }, { lastAffected: '2.0.0' })] }],
      [],
    ],
    [
      'is not in another stretch of the same record',
      [{ ranges: [until('2.0.0'), range({ introduced: '2.0.0' }, { fixed: '3.0.0' })] }],
      ['3.0.0'],
    ],
    [
      'is not in another stretch of another record',
      [
        { ranges: [until('2.0.0')] },
        { ranges: [until('2.0.0'), range({ introduced: '2.0.0' }, { fixed: '3.0.0' })] },
      ],
      ['3.0.0'],
    ],
    [
      'is one for each branch',
      [{ ranges: [until('2.0.0'), range({ introduced: '3.0.0' }, { fixed: '3.1.0' })] }],
      ['2.0.0', '3.1.0'],
    ],
    [
      'is one for each branch, in one range too, however records order them',
      [
        {
          ranges: [
            range({ introduced: '3.0.0' }, { fixed: '3.1.0' }, { introduced: '0' }, { fixed: '2.0.0' }),
          ],
        },
      ],
      ['2.0.0', '3.1.0'],
    ],
    ['is not a version that the same record lists', [{ ranges: [until('2.0.0')], versions: ['2.0.0'] }], []],
    [
      'is not a version that another record lists',
      [{ ranges: [until('2.0.0')] }, { ranges: [until('2.0.0')], versions: ['2.0.0'] }],
      [],
    ],
    [
      'is of the order of its package',
      [{ ranges: [until('2.0.0'), { ...until('2'), scheme: 'dpkg' }] }],
      ['2.0.0'],
    ],
    [
      'is said by those who know of an end',
      [{ ranges: [range({ introduced: '0' })] }, { ranges: [until('2.0.0')] }],
      ['2.0.0'],
    ],
    [
      'is named in each spelling, in order of the text',
      [{ ranges: [until('2.0.0')] }, { ranges: [until('2.0')] }],
      ['2.0', '2.0.0'],
    ],
  ])('%s', (_, records, expected) => {
    expect(fixes(...records)).toEqual(expected)
    expect(fixes(...records.toReversed())).toEqual(expected)
  })

  it('is what the first 64 records that know of an end say', () => {
    const agreeing = Array.from({ length: 63 }, () => ({ ranges: [until('2.0.0')] }))
    const other = { ranges: [until('3.0.0')] }
    expect(fixes(...agreeing, other)).toEqual(['3.0.0'])
    expect(fixes(...agreeing, { ranges: [until('2.0.0')] }, other)).toEqual(['2.0.0'])
  })

  it('is among the 64 lowest that records name', () => {
    const branches = (count: number) =>
      Array.from({ length: count }, (_, i) => range({ introduced: `${i}.5.0` }, { fixed: `${i + 1}.0.0` }))
    const named = (held: string) =>
      fixes({ ranges: [until('1.0.1'), ...branches(70)] }, { ranges: [until(held)] })
    expect(named('63.0.0')?.slice(0, 1)).toEqual(['63.0.0'])
    expect(named('66.0.0')).toEqual([])
  })

  it('is sixteen versions at most, the lowest', () => {
    const branches = Array.from({ length: 40 }, (_, i) =>
      range({ introduced: `${i}.5.0` }, { fixed: `${i + 1}.0.0` }),
    )
    const all = fixes({ ranges: [until('1.0.1'), ...branches.toReversed()] })
    expect(all).toHaveLength(16)
    expect(all?.slice(0, 3)).toEqual(['1.0.1', '2.0.0', '3.0.0'])
    const inOne = fixes({
      ranges: [range(...branches.flatMap(({ events }) => events), { introduced: '0' }, { fixed: '0.1.0' })],
    })
    expect(inOne ?? []).not.toContain('20.0.0')
  })
})
