import { describe, expect, it } from 'vitest'
import type { Advisory, AffectedPackage } from '../../model/advisory/advisory.ts'
import { component, findingsIn, inventory, record, sampleIndex } from './fixtures/sample.ts'

const npm = (version: string) => inventory([component('npm', 'a', { version })])
const about = { in: 'npm', name: 'a', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }

function ids(records: readonly unknown[]): string[] {
  return findingsIn(npm('1.0.0'), sampleIndex({ osv: records }))
    .map(({ id, aliases }) => [id, ...aliases].join(' '))
    .sort()
}

describe('names of a problem', () => {
  it('are merged by CVE', () => {
    expect(
      ids([
        record('GHSA-1', about, { aliases: ['CVE-2024-0001'] }),
        record('SNYK-1', about, { aliases: ['CVE-2024-0001', 'GHSA-1'] }),
      ]),
    ).toEqual(['CVE-2024-0001 GHSA-1 SNYK-1'])
  })

  it('lead from a record without a CVE to one that has it', () => {
    expect(
      ids([record('GHSA-1', about), record('SNYK-1', about, { aliases: ['CVE-2024-0001', 'GHSA-1'] })]),
    ).toEqual(['CVE-2024-0001 GHSA-1 SNYK-1'])
    expect(
      ids([
        record('SNYK-1', about, { aliases: ['GHSA-1'] }),
        record('GHSA-1', about, { aliases: ['CVE-2024-0001'] }),
      ]),
    ).toEqual(['CVE-2024-0001 GHSA-1 SNYK-1'])
  })

  it('are known from records about other packages too', () => {
    const other = { in: 'PyPI', name: 'b' }
    expect(
      ids([
        record('SNYK-1', about, { aliases: ['GHSA-1'] }),
        record('GHSA-1', other, { aliases: ['CVE-2024-0001'] }),
      ]),
    ).toEqual(['CVE-2024-0001 GHSA-1 SNYK-1'])
  })

  it('make one problem of records that share them, without any CVE', () => {
    expect(
      ids([
        record('A-1', about, { aliases: ['B-1'] }),
        record('B-1', about, { aliases: ['C-1'] }),
        record('C-1', about, { aliases: ['GHSA-9'] }),
        record('D-1', about),
      ]),
    ).toEqual(['D-1', 'GHSA-9 A-1 B-1 C-1'])
  })

  it('may lead in circles', () => {
    expect(
      ids([
        record('A-1', about, { aliases: ['B-1', 'A-1'] }),
        record('B-1', about, { aliases: ['C-1'] }),
        record('C-1', about, { aliases: ['A-1'] }),
      ]),
    ).toEqual(['A-1 B-1 C-1'])
  })

  it('of several CVEs in one record stay several problems', () => {
    expect(ids([record('GO-1', about, { aliases: ['CVE-2024-0001', 'CVE-2024-0002', 'GHSA-1'] })])).toEqual([
      'CVE-2024-0001 GHSA-1 GO-1',
      'CVE-2024-0002 GHSA-1 GO-1',
    ])
  })

  const manyCves = (first: number, count: number, alias: string) =>
    Array.from({ length: count }, (_, i) =>
      record(`R-${first + i}`, about, { aliases: [alias, `CVE-2024-${first + i}`] }),
    )
  const joinedTo = (records: readonly object[], ...aliases: readonly string[]) =>
    ids([...records, record('X-1', about, { aliases })]).filter((names) => names.includes('X-1')).length

  it('join up to eight CVEs, and none when they lead to more', () => {
    expect(joinedTo(manyCves(1001, 8, 'BAD-0'), 'BAD-0')).toBe(8)
    expect(ids([...manyCves(1001, 9, 'BAD-0'), record('X-1', about, { aliases: ['BAD-0'] })])).toContain(
      'X-1 BAD-0',
    )
  })

  it('join up to eight CVEs together, and none when all of them lead to more', () => {
    const four = manyCves(1001, 4, 'A-0')
    expect(joinedTo([...four, ...manyCves(2001, 4, 'B-0')], 'A-0', 'B-0')).toBe(8)
    const both = ids([
      ...four,
      ...manyCves(2001, 5, 'B-0'),
      record('X-1', about, { aliases: ['A-0', 'B-0'] }),
    ])
    expect(both).toContain('X-1 A-0 B-0')
  })

  it('beside one that leads to too many still join', () => {
    const records = [...manyCves(1001, 9, 'BAD-0'), ...manyCves(2001, 1, 'GOOD-0')]
    const aliases = ['BAD-0', 'GOOD-0']
    expect(ids([...records, record('X-1', about, { aliases })])).toContain(
      'CVE-2024-2001 BAD-0 GOOD-0 R-2001 X-1',
    )
  })

  it('are looked up in records about other packages, the first five of them', () => {
    const other = { in: 'PyPI', name: 'b' }
    const known = record('N-5', other, { aliases: ['CVE-2024-0001'] })
    const named = (...aliases: readonly string[]) => ids([record('X-1', about, { aliases }), known])
    expect(named('N-1', 'N-2', 'N-3', 'N-5')).toEqual(['CVE-2024-0001 N-1 N-2 N-3 N-5 X-1'])
    expect(named('N-1', 'N-2', 'N-3', 'N-4', 'N-5')).toEqual(['X-1 N-1 N-2 N-3 N-4 N-5'])
  })

  it('of a malicious package stay its own, whatever else its record names', () => {
    expect(ids([record('MAL-2024-1', about, { aliases: ['CVE-2024-0001', 'GHSA-1'] })])).toEqual([
      'MAL-2024-1 GHSA-1',
    ])
  })

  it('beyond the hundredth of a record are not looked at', () => {
    const aliases = (count: number, last: string) => [
      ...Array.from({ length: count }, (_, i) => `N-${i}`),
      last,
    ]
    const joined = (count: number) =>
      ids([
        record('X-1', about, { aliases: aliases(count, 'Z-1') }),
        record('Z-1', about, { aliases: ['CVE-2024-0001'] }),
      ]).length
    expect([joined(99), joined(100)]).toEqual([1, 2])
    // Names are in the order of the alphabet: these stand before the CVEs.
    const before = (count: number) => Array.from({ length: count }, (_, i) => `A-${i}`)
    const leads = (count: number) =>
      ids([record('X-1', about, { aliases: [...before(count), 'CVE-2024-0001', 'CVE-2024-0002'] })]).map(
        (names) => names.split(' ')[0],
      )
    expect(leads(98)).toEqual(['CVE-2024-0001', 'CVE-2024-0002'])
    expect(leads(99)).toEqual(['CVE-2024-0001'])
    expect(leads(100)).toEqual(['X-1'])
  })

  it('of records without a CVE lead with GitHub’s, the first, else the first of all', () => {
    expect(ids([record('Z-1', about, { aliases: ['GHSA-b', 'GHSA-a'] })])).toEqual(['GHSA-a GHSA-b Z-1'])
    const shared = (id: string, ghsa: string) => record(id, about, { aliases: [ghsa, 'S-1'] })
    for (const both of [
      [shared('Y-1', 'GHSA-b'), shared('Z-1', 'GHSA-a')],
      [shared('Z-1', 'GHSA-a'), shared('Y-1', 'GHSA-b')],
    ])
      expect(ids(both)).toEqual(['GHSA-a GHSA-b S-1 Y-1 Z-1'])
    // One that joins two others names the later of them first.
    const [one, two] = [
      record('A-1', about, { aliases: ['N-1'] }),
      record('B-1', about, { aliases: ['M-1'] }),
    ]
    expect(ids([one, two, record('C-1', about, { aliases: ['M-1', 'N-1'] })])).toEqual([
      'A-1 B-1 C-1 M-1 N-1',
    ])
    expect(
      ids([record('Z-1', about, { aliases: ['S-1'] }), record('Y-1', about, { aliases: ['S-1'] })]),
    ).toEqual(['Y-1 S-1 Z-1'])
  })

  it('of a record that covers what has no CVE are what it covers', () => {
    const affected = { ecosystem: 'npm', name: 'a', ranges: [], versions: ['1.0.0'] }
    const usn: Advisory = {
      id: 'USN-1',
      aliases: [],
      covers: ['X-2', 'X-1'],
      feed: 'osv',
      severity: [],
      affected: [affected],
    }
    const findings = findingsIn(npm('1.0.0'), sampleIndex({ osv: [] }, { advisories: [usn] }))
    expect(findings.map(({ id, aliases }) => [id, ...aliases])).toEqual([
      ['X-1', 'USN-1'],
      ['X-2', 'USN-1'],
    ])
  })

  it('that everybody uses merge nothing', () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      record(`R-${i}`, about, { aliases: ['BAD-0', `CVE-2024-${1000 + i}`] }),
    )
    expect(ids([...many, record('X-1', about, { aliases: ['BAD-0'] })])).toContain('X-1 BAD-0')
    const bare = Array.from({ length: 40 }, (_, i) => record(`R-${i}`, about, { aliases: ['BAD-0'] }))
    const largest = Math.max(...ids(bare).map((each) => each.split(' ').length))
    expect(largest).toBe(17)
  })
})

describe('fixed versions', () => {
  const fixed = (version: string, ...records: unknown[]) =>
    findingsIn(npm(version), sampleIndex({ osv: records }))[0]?.fixedVersions
  const branches = {
    ...about,
    events: [
      { introduced: '2.2.0' },
      { fixed: '2.2.28' },
      { introduced: '3.2.0' },
      { fixed: '3.2.13' },
      { introduced: '4.0.0' },
      { fixed: '4.0.4' },
    ],
  }

  it('are those above the installed one, a branch each', () => {
    expect(fixed('3.2.1', record('GHSA-1', branches))).toEqual(['3.2.13', '4.0.4'])
    expect(fixed('2.2.1', record('GHSA-1', branches))).toEqual(['2.2.28', '3.2.13', '4.0.4'])
  })

  it('are those that no record holds, where records disagree', () => {
    const later = { ...about, events: [{ introduced: '0' }, { fixed: '2.1.0' }] }
    const names = { aliases: ['CVE-2024-0001'] }
    expect(fixed('1.0.0', record('GHSA-1', about, names), record('SNYK-1', later, names))).toEqual(['2.1.0'])
  })

  it('are not denied by a record that knows of no end', () => {
    const open = { ...about, events: [{ introduced: '0' }] }
    const names = { aliases: ['CVE-2024-0001'] }
    expect(fixed('1.0.0', record('GHSA-1', open, names), record('SNYK-1', about, names))).toEqual(['2.0.0'])
    expect(fixed('1.0.0', record('GHSA-1', open, names))).toEqual([])
  })
})

describe('lists that contradict each other', () => {
  const zlib = inventory([component('apk', 'zlib', { version: '1.3.1-r2' })], {
    id: 'alpine',
    version: '3.21.0',
  })

  function alpine(...affected: readonly Partial<AffectedPackage>[]): Advisory {
    const one = { ecosystem: 'Alpine:v3.21', name: 'zlib', ranges: [], versions: [] }
    return {
      id: 'ALPINE-CVE-2026-22184',
      aliases: ['CVE-2026-22184'],
      feed: 'secdb',
      severity: [],
      affected: affected.map((each) => ({ ...one, ...each })),
    }
  }
  const repaired: Partial<AffectedPackage> = {
    ranges: [{ scheme: 'apk', events: [{ introduced: '0' }, { fixed: '1.3.2-r0' }] }],
  }

  it('within one list, a stated version counts for more than "never affected"', () => {
    const index = sampleIndex({ secdb: [] }, { advisories: [alpine(repaired, { notAffected: true })] })
    const [finding, ...others] = findingsIn(zlib, index)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'CVE-2026-22184', fixedVersions: ['1.3.2-r0'] })
    expect(finding?.reason).toBe(
      '1.3.1-r2 is below 1.3.2-r0, fixed in Alpine:v3.21; the same list also says that it was never affected, but a stated version counts for more',
    )
    const updated = inventory([component('apk', 'zlib', { version: '1.3.2-r0' })], {
      id: 'alpine',
      version: '3.21.0',
    })
    expect(findingsIn(updated, index)).toEqual([])
  })

  it('"never affected" alone finds nothing', () => {
    const index = sampleIndex({ secdb: [] }, { advisories: [alpine({ notAffected: true })] })
    expect(findingsIn(zlib, index)).toEqual([])
  })

  const openssl = inventory([component('deb', 'openssl', { version: '3.0.11-1' })], {
    id: 'debian',
    version: '12',
  })
  const name = { in: 'Debian:12', name: 'openssl' }
  const cve = { upstream: ['CVE-2024-0001'] }
  const says = (version: string) =>
    record('DEBIAN-CVE-2024-0001', { ...name, events: [{ introduced: '0' }, { fixed: version }] }, cve)
  const feeds = (records: Readonly<Record<string, readonly unknown[]>>) =>
    findingsIn(openssl, sampleIndex(records)).map(({ feeds: from, fixedVersions }) => [
      from.join(),
      fixedVersions.join(),
    ])

  it("the distribution's own list decides over records and changelogs", () => {
    expect(feeds({ osv: [says('3.0.12-1')], 'debian-tracker': [says('3.0.10-1')] })).toEqual([])
    expect(feeds({ changelogs: [says('3.0.10-1')], osv: [says('3.0.12-1')] })).toEqual([['osv', '3.0.12-1']])
    expect(feeds({ osv: [says('3.0.10-1')], 'debian-tracker': [says('3.0.12-1')] })).toEqual([
      ['debian-tracker', '3.0.12-1'],
    ])
  })

  it('also over an advisory about several problems, one by one', () => {
    const dsa = record(
      'DSA-1-1',
      { ...name, events: [{ introduced: '0' }, { fixed: '3.0.12-1' }] },
      {
        upstream: ['CVE-2024-0001', 'CVE-2024-0002'],
      },
    )
    const findings = findingsIn(openssl, sampleIndex({ osv: [dsa], 'debian-tracker': [says('3.0.10-1')] }))
    expect(findings.map(({ id, aliases }) => [id, ...aliases].join(' '))).toEqual(['CVE-2024-0002 DSA-1-1'])
  })

  it('decides where the record has no CVE, too', () => {
    const one = (version: string) =>
      record('X-1', { ...name, events: [{ introduced: '0' }, { fixed: version }] })
    expect(feeds({ osv: [one('3.0.12-1')], 'debian-tracker': [one('3.0.10-1')] })).toEqual([])
    expect(feeds({ osv: [one('3.0.12-1')], changelogs: [one('3.0.10-1')] })).toEqual([['osv', '3.0.12-1']])
  })

  it('decides over packages of distributions alone: what language packages have comes from all', () => {
    const two = {
      osv: [record('GHSA-1', about)],
      'debian-tracker': [record('GHSA-1', { ...about, events: [] })],
    }
    expect(findingsIn(npm('1.0.0'), sampleIndex(two)).map(({ feeds: from }) => from)).toEqual([['osv']])
  })
})

describe('modules of RPM distributions', () => {
  const nodejs = (version: string, fixed: string) =>
    findingsIn(
      inventory([component('rpm', 'nodejs', { version })], { id: 'almalinux', version: '9' }),
      sampleIndex({
        osv: [
          record('ALSA-1', { in: 'AlmaLinux:9', name: 'nodejs', events: [{ introduced: '0' }, { fixed }] }),
        ],
      }),
    ).length

  it.each([
    ['1-1.module_el9+1', '2-1.module_el9+1', 1],
    ['1-1.el9', '2-1.el9', 1],
    ['1-1.el9', '2-1.module_el9+1', 0],
    ['1-1.module+el9+1', '2-1.el9', 0],
  ])('%s says %s of itself %d times', (version, fixed, count) => {
    expect(nodejs(version, fixed)).toBe(count)
  })
})
