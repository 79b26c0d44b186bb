import { describe, expect, it } from 'vitest'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { FeedItem } from '../feed-item.ts'
import { type CoverageClaim, coverageOf } from './claim.ts'
import { TallyCounter } from './tally.ts'

const fixed = [{ introduced: '0' }, { fixed: '2' }]

function records(ecosystem: string, amount: number, events: readonly object[] = fixed): FeedItem[] {
  return Array.from({ length: amount }, (_, number) => ({
    kind: 'advisory',
    advisory: {
      id: `A-${number}`,
      aliases: [],
      severity: [],
      affected: [
        {
          ecosystem,
          name: `p${number}`,
          ranges: [{ scheme: 'dpkg', events: events as never }],
          versions: [],
        },
      ],
    },
  }))
}

/** "list of all Debian:13", … */
function covered(kind: FeedState['kind'], items: readonly FeedItem[], claim?: CoverageClaim): string[] {
  const tally = new TallyCounter()
  for (const item of items) tally.add(item)
  return coverageOf(kind, tally, claim).map(
    ({ extent, knows, ecosystems, packages = [], part = '' }) =>
      `${[extent, 'of', knows, ...ecosystems, ...packages, part].join(' ').trim()}`,
  )
}

describe('what a feed covers', () => {
  it('is told by its publisher: its own ecosystem, and of others what happens to be there', () => {
    const items = [...records('npm', 3), ...records('Maven', 1)]
    const claim = { by: 'publisher', family: 'npm' } as const
    expect(covered('osv', items, claim)).toEqual(['list of all npm', 'records of all Maven'])
    const debian = { by: 'publisher', family: 'Debian' } as const
    expect(covered('osv', records('Debian:13', 1), debian)).toEqual(['list of all Debian:13'])
    const alma = { by: 'publisher', family: 'AlmaLinux' } as const
    expect(covered('osv', records('AlmaLinux:9', 1), alma)).toEqual(['list of repaired AlmaLinux:9'])
  })

  it('is told by the person who imports it', () => {
    const claim = { by: 'person', ecosystems: ['Debian:13', 'PyPI'] } as const
    const items = [...records('Debian:13', 1), ...records('Debian:12', 1), ...records('PyPI', 1)]
    expect(covered('osv', items, claim)).toEqual([
      'list of all Debian:13 PyPI',
      'records of repaired Debian:12',
    ])
  })

  it.each(['PyPI', 'Debian:12', 'Red Hat:a:9'])(
    'is what its records name where nobody says, however many they are: %s',
    (ecosystem) => {
      const knows = ecosystem === 'PyPI' ? 'all' : 'repaired'
      expect(covered('osv', records(ecosystem, 5_000))).toEqual([`records of ${knows} ${ecosystem}`])
    },
  )

  it('is told by a format that names the list', () => {
    const secdb = [{ kind: 'list', part: 'main' } as const, ...records('Alpine:v3.20', 1)]
    expect(covered('secdb', secdb)).toEqual(['list of repaired Alpine:v3.20 main'])
    expect(covered('secdb', records('Wolfi', 1))).toEqual(['records of repaired Wolfi'])
  })

  it("of Debian's tracker is not told by the format: a part of it looks the same", () => {
    expect(covered('debian-tracker', records('Debian:13', 1), { by: 'publisher' })).toEqual([
      'list of all Debian:13',
    ])
    expect(covered('debian-tracker', records('Debian:13', 5_000))).toEqual(['records of all Debian:13'])
  })

  it('of changelogs is the packages whose changelogs were read, also those that name no flaw', () => {
    const items: FeedItem[] = [
      { kind: 'covered', ecosystem: 'Debian:13', name: 'zlib' },
      { kind: 'covered', ecosystem: 'Debian:13', name: 'nginx' },
      ...records('Debian:13', 1),
    ]
    expect(covered('changelogs', items)).toEqual(['packages of repaired Debian:13 nginx zlib'])
  })

  it('is nothing where a feed only says how bad things are', () => {
    expect(covered('kev', [])).toEqual([])
    expect(covered('epss', records('PyPI', 3), { by: 'publisher' })).toEqual([])
  })
})
