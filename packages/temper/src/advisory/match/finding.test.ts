import { describe, expect, it } from 'vitest'
import type { Advisory, AdvisoryIndex, AffectedPackage, UnfixedState } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { Inventory } from '../../model/inventory.ts'
import { component, findingsIn, inventory, record, sampleIndex } from './fixtures/sample.ts'
import { matchInventory } from './match.ts'

const debian = { id: 'debian', version: '12' }
const fixed = [{ introduced: '0' }, { fixed: '2' }]
const open = [{ introduced: '0' }]

/** A record of the Debian package "a", version 1 of which it holds. */
function advisory(
  id: string,
  affected: Partial<AffectedPackage> = {},
  more: Partial<Advisory> = {},
): Advisory {
  const about = { ecosystem: 'Debian:12', name: 'a', ranges: [{ scheme: 'dpkg' as const, events: fixed }] }
  return {
    id,
    aliases: ['CVE-2024-0001'],
    feed: 'osv',
    severity: [],
    affected: [{ ...about, versions: [], ...affected }],
    ...more,
  }
}

function findingOf(advisories: readonly Advisory[], version = '1'): Finding {
  const index = sampleIndex({ osv: [], more: [] }, { advisories })
  const [finding] = findingsIn(inventory([component('deb', 'a', { version })], debian), index)
  if (finding === undefined) throw new Error('nothing was found')
  return finding
}

describe('a finding', () => {
  it('has the first title that somebody gives, and every feed once, in order', () => {
    const finding = findingOf([
      advisory('X-1', {}, { feed: 'osv' }),
      advisory('X-2', {}, { summary: 'a is broken', feed: 'osv' }),
      advisory('X-3', {}, { summary: 'broken is a', feed: 'more' }),
    ])
    expect(finding).toMatchObject({ title: 'a is broken', feeds: ['more', 'osv'] })
    expect(findingOf([advisory('X-1')])).not.toHaveProperty('title')
  })

  it('tells of the stretch that has an end, in whatever order a record has them', () => {
    const ranges = [
      { scheme: 'dpkg' as const, events: open },
      { scheme: 'dpkg' as const, events: fixed },
    ]
    for (const order of [ranges, ranges.toReversed()])
      expect(findingOf([advisory('X-1', { ranges: order })]).reason).toBe('1 is below 2, fixed in Debian:12')
  })

  it('lists a dozen references, each once', () => {
    const references = Array.from({ length: 20 }, (_, i) => `https://example.org/${i}`)
    const finding = findingOf([
      advisory('X-1', {}, { references: references.slice(0, 3) }),
      advisory('X-2', {}, { references }),
    ])
    expect(finding.references).toEqual(references.slice(0, 12))
    expect(findingOf([advisory('X-1')]).references).toEqual([])
  })

  it.each<UnfixedState>(['deferred', 'wont-fix', 'open'])(
    'says that the distribution has it %s',
    (unfixed) => {
      const ranges = [{ scheme: 'dpkg' as const, events: open }]
      expect(findingOf([advisory('X-1', { ranges }), advisory('X-2', { ranges, unfixed })])).toMatchObject({
        fixedVersions: [],
        unfixed,
      })
      // Where there is a fixed version, that counts.
      expect(findingOf([advisory('X-1'), advisory('X-2', { ranges, unfixed })])).not.toHaveProperty('unfixed')
      expect(findingOf([advisory('X-1', { ranges })])).not.toHaveProperty('unfixed')
    },
  )

  it('counts more when there is a fix', () => {
    const ranges = [{ scheme: 'dpkg' as const, events: open }]
    expect(findingOf([advisory('X-1')]).priority.value).toBe(
      findingOf([advisory('X-1', { ranges })]).priority.value + 10,
    )
  })

  it.each<[string, readonly Advisory[], string | undefined]>([
    [
      'as a record states',
      [advisory('X-1', { fixPublished: '2024-03-01T00:00:00Z' })],
      '2024-03-01T00:00:00Z',
    ],
    [
      'as the first of several records states',
      [
        advisory('X-1', { fixPublished: '2024-03-02T00:00:00Z' }),
        advisory('X-2', { fixPublished: '2024-03-01T00:00:00Z' }),
        advisory('X-3', {}),
      ],
      '2024-03-01T00:00:00Z',
    ],
    [
      'when the advisory about the repair came out',
      [
        advisory('DSA-1-1', {}, { published: '2024-03-05T00:00:00Z' }),
        advisory('GHSA-1', {}, { published: '2024-01-01T00:00:00Z' }),
      ],
      '2024-03-05T00:00:00Z',
    ],
    [
      'stated, rather than by the advisory',
      [
        advisory('DSA-1-1', {}, { published: '2024-03-05T00:00:00Z' }),
        advisory('X-1', { fixPublished: '2024-03-09T00:00:00Z' }),
      ],
      '2024-03-09T00:00:00Z',
    ],
    [
      'unknown, when only others have dates',
      [advisory('X-1', {}, { published: '2024-01-01T00:00:00Z' })],
      undefined,
    ],
    [
      'unknown, when there is none',
      [
        advisory(
          'DSA-1-1',
          { ranges: [{ scheme: 'dpkg', events: open }] },
          { published: '2024-03-05T00:00:00Z' },
        ),
      ],
      undefined,
    ],
  ])('knows when the repair came out: %s', (_, advisories, date) => {
    expect(findingOf(advisories).fixPublished).toBe(date)
  })

  it('was published on the first day that is one', () => {
    const published = (...dates: readonly (string | undefined)[]) =>
      findingOf(dates.map((date, i) => advisory(`X-${i}`, {}, date === undefined ? {} : { published: date })))
        .published
    expect(published('2024-02-01T00:00:00Z', '2024-01-01T00:00:00Z')).toBe('2024-01-01T00:00:00Z')
    expect(published('1970-01-01T00:00:00Z', '2024-01-01T00:00:00Z')).toBe('2024-01-01T00:00:00Z')
    expect(published('1970-01-01T00:00:00Z')).toBeUndefined()
    expect(published(undefined)).toBeUndefined()
  })
})

describe('why it counts', () => {
  const range = (...events: readonly object[]) => ({
    ranges: [{ scheme: 'dpkg' as const, events: events as never }],
  })

  it.each<[string, readonly Advisory[]]>([
    ['1 is below 2, fixed in Debian:12', [advisory('X-1', range(...open)), advisory('X-2', range(...fixed))]],
    [
      '1 is not above 3, the last affected version in Debian:12',
      [advisory('X-1', range(...open)), advisory('X-2', range({ introduced: '0' }, { lastAffected: '3' }))],
    ],
    [
      '1 is below 2, fixed in Debian:12',
      [advisory('X-1', range({ introduced: '0' }, { lastAffected: '3' })), advisory('X-2', range(...fixed))],
    ],
    ['1 is affected in Debian:12, which knows of no fixed version', [advisory('X-1', range(...open))]],
    ['1 is listed as affected in Debian:12', [advisory('X-1', { ranges: [], versions: ['1'] })]],
  ])('is "%s"', (reason, advisories) => {
    expect(findingOf(advisories).reason).toBe(reason)
  })

  it('tells of a contradiction when any of the records has one', () => {
    const { reason } = findingOf([
      advisory(
        'DEBIAN-CVE-2024-0001',
        {},
        {
          affected: [
            { ecosystem: 'Debian:12', name: 'a', ...range(...fixed), versions: [] },
            { ecosystem: 'Debian:12', name: 'a', ranges: [], versions: [], notAffected: true },
          ],
        },
      ),
      advisory('X-2', range(...fixed)),
    ])
    expect(reason).toContain('the same list also says that it was never affected')
  })
})

describe('an entry holds a version', () => {
  const holds = (affected: Partial<AffectedPackage>, version: string) => {
    const advisories = [advisory('X-1', { ecosystem: 'PyPI', ...affected })]
    const packages = inventory([component('pypi', 'a', { version })])
    return findingsIn(packages, sampleIndex({ osv: [] }, { advisories })).length === 1
  }
  const range = { scheme: 'pep440' as const, events: fixed }

  it.each<[string, Partial<AffectedPackage>, string, boolean]>([
    ['in one of its ranges', { ranges: [{ ...range, events: [{ introduced: '5' }] }, range] }, '1', true],
    ['not in a range of another order', { ranges: [{ scheme: 'dpkg', events: open }] }, '1', false],
    ['in its list, in any spelling', { ranges: [], versions: ['1.0'] }, '1.0.0', true],
    ['in its list beside ranges', { ranges: [range], versions: ['9.0'] }, '9.0', true],
    ['beside ranges in this spelling alone', { ranges: [range], versions: ['9.0'] }, '9.0.0', false],
    ['that is none, as text', { ranges: [], versions: ['nightly'] }, 'nightly', true],
    ['that is none and not listed', { ranges: [], versions: ['nightly'] }, 'weekly', false],
  ])('%s', (_, affected, version, expected) => {
    expect(holds(affected, version)).toBe(expected)
  })
})

describe('the order of findings', () => {
  it('is most urgent first, then by id, package and place', () => {
    const severe = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }
    const index = sampleIndex({
      osv: [
        record('GHSA-b', { in: 'npm', name: 'b' }),
        record('GHSA-a', { in: 'npm', name: 'c' }),
        record('GHSA-z', { in: 'npm', name: 'z' }, { severity: [severe] }),
        record('GHSA-2', { in: 'npm', name: 'd' }, { aliases: ['CVE-2024-0002'] }),
        record('GHSA-1', { in: 'npm', name: 'd' }, { aliases: ['CVE-2024-0001'] }),
        record('GHSA-3', { in: 'npm', name: 'e' }, { aliases: ['CVE-2024-0001'] }),
      ],
    })
    const at = (name: string, path?: string) =>
      component('npm', name, { version: '1.0.0', ...(path === undefined ? {} : { locations: [{ path }] }) })
    const components = [at('e'), at('d', 'y'), at('d'), at('d', 'x'), at('b'), at('c'), at('z')]
    const order = (all: ReturnType<typeof at>[]) =>
      findingsIn(inventory(all), index).map(
        ({ id, component: { name, locations } }) => `${id} ${name}${locations[0]?.path ?? ''}`,
      )
    const expected = [
      'GHSA-z z',
      'CVE-2024-0001 d',
      'CVE-2024-0001 dx',
      'CVE-2024-0001 dy',
      'CVE-2024-0001 e',
      'CVE-2024-0002 d',
      'CVE-2024-0002 dx',
      'CVE-2024-0002 dy',
      'GHSA-a c',
      'GHSA-b b',
    ]
    expect(order(components)).toEqual(expected)
    expect(order(components.toReversed())).toEqual(expected)
  })
})

describe('notes', () => {
  const notes = (of: Inventory, index: AdvisoryIndex) =>
    matchInventory(of, index).notes.map(({ message }) => message)

  it('about a distribution are told once for each', () => {
    const index = sampleIndex({ osv: [record('X-1', { in: 'Debian:12', name: 'a' })] })
    const a = component('deb', 'a', { version: '1' })
    const of = (version: string) => ({ ...a, distribution: { id: 'debian', version } })
    const told = notes(inventory([of('13'), of('13'), of('14')]), index)
    expect(told).toHaveLength(2)
    expect(told[0]).toContain('the feeds know nothing about Debian 13, only 12')
    expect(told[1]).toContain('the feeds know nothing about Debian 14, only 12')
  })

  it('count what is repaired for customers alone', () => {
    const pro = (count: number, version = '2:8.0.0-1') => {
      const osv = Array.from({ length: count }, (_, n) =>
        record(`UBUNTU-CVE-2024-300${n}`, {
          in: 'Ubuntu:Pro:18.04:LTS',
          name: 'vim',
          events: [{ introduced: '0' }, { fixed: `2:8.0.1-1+esm${n + 2}` }],
        }),
      )
      const vim = component('deb', 'vim', { version })
      return notes(inventory([vim], { id: 'ubuntu', version: '18.04' }), sampleIndex({ osv })).filter(
        (text) => text.includes('Pro'),
      )
    }
    expect(pro(2)).toEqual([
      '2 problems are repaired for customers of Ubuntu Pro only: the versions with "esm".',
    ])
    expect(pro(1)).toEqual([
      '1 problem is repaired for customers of Ubuntu Pro only: the versions with "esm".',
    ])
    expect(pro(2, '2:8.0.1-1+esm1')).toEqual([])
  })
})

describe('records that say nothing of versions', () => {
  const reasons = (affected: Partial<AffectedPackage>) => {
    const index = sampleIndex({ osv: [] }, { advisories: [advisory('X-1', affected)] })
    return matchInventory(inventory([component('deb', 'a', { version: '9' })], debian), index).ledger.map(
      ({ compared, reason }) => [compared, reason],
    )
  }
  const never = { scheme: 'dpkg' as const, events: [{ fixed: '1' }] }

  it('cannot be compared with', () => {
    expect(reasons({ ranges: [never] })).toEqual([[false, 'X-1 names it, but says nothing about versions']])
  })

  it.each<Partial<AffectedPackage>>([
    { ranges: [never, { scheme: 'dpkg', events: fixed }] },
    { ranges: [], versions: ['1'] },
    { ranges: [], notAffected: true },
  ])('are not those like %j', (affected) => {
    expect(reasons(affected)[0]?.[1]).not.toBe('X-1 names it, but says nothing about versions')
  })
})
