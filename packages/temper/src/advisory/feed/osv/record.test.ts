import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { osvItem } from './osv.ts'
import { parseOsvRecord } from './record.ts'

const debian = { ecosystem: 'Debian:12', name: 'openssl' }
const range = (...events: object[]) => ({ type: 'ECOSYSTEM', events })
const affected = (more: object = {}) => ({
  package: debian,
  ranges: [range({ introduced: '0' }, { fixed: '3.0.11-1' })],
  ...more,
})

describe('an OSV record', () => {
  it('is read with all that matters', () => {
    expect(
      parseOsvRecord({
        schema_version: '1.7.0',
        id: 'DEBIAN-CVE-2024-0001',
        modified: '2024-02-01T10:20:30.123456Z',
        published: '2024-01-01T00:00:00+02:00',
        upstream: ['CVE-2024-0001'],
        summary: 'A  hole\nin the wall',
        severity: [
          { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N' },
          { type: 'Ubuntu', score: 'medium' },
        ],
        affected: [affected({ ecosystem_specific: { fix_date: '2024-01-03T00:00:00Z' } })],
        references: [
          { type: 'WEB', url: 'https://a.example/1' },
          { type: 'ADVISORY', url: 'https://b.example/2' },
          { type: 'WEB', url: 'javascript:alert(1)' },
        ],
      }),
    ).toEqual({
      id: 'DEBIAN-CVE-2024-0001',
      aliases: ['CVE-2024-0001'],
      summary: 'A hole in the wall',
      published: '2023-12-31T22:00:00Z',
      modified: '2024-02-01T10:20:30Z',
      severity: [
        { kind: 'CVSS_V3', value: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N' },
        { kind: 'word', value: 'medium' },
      ],
      affected: [
        {
          ...debian,
          ranges: [{ scheme: 'dpkg', events: [{ introduced: '0' }, { fixed: '3.0.11-1' }] }],
          versions: [],
          fixPublished: '2024-01-03T00:00:00Z',
        },
      ],
      references: ['https://b.example/2', 'https://a.example/1'],
    })
  })

  it('tells names of one problem from several problems', () => {
    const names = (record: object) => {
      const { aliases, covers } = parseOsvRecord({ id: 'DSA-1-1', affected: [affected()], ...record })
      return { aliases, covers }
    }
    expect(names({ upstream: ['CVE-2024-0001', 'DSA-1-1'] })).toEqual({
      aliases: ['CVE-2024-0001'],
      covers: undefined,
    })
    expect(names({ upstream: ['CVE-2024-0002', 'CVE-2024-0001'] })).toEqual({
      aliases: [],
      covers: ['CVE-2024-0001', 'CVE-2024-0002'],
    })
    expect(names({ aliases: ['GHSA-x'], upstream: ['CVE-2024-0001'] }).aliases).toEqual([
      'CVE-2024-0001',
      'GHSA-x',
    ])
    // AlmaLinux and Rocky Linux name what they repair as related.
    expect(names({ related: ['CVE-2024-0001', 'CVE-2024-0002'] }).covers).toHaveLength(2)
    expect(names({ related: ['CVE-2024-0001'] }).aliases).toEqual(['CVE-2024-0001'])
    expect(names({ related: ['CVE-2024-0001'], upstream: ['CVE-2024-0009'] }).aliases).toEqual([
      'CVE-2024-0009',
    ])
    const npm = { package: { ecosystem: 'npm', name: 'a' }, versions: ['1.0.0'] }
    expect(names({ related: ['CVE-2024-0001'], affected: [npm] }).aliases).toEqual([])
  })

  it('keeps ranges by the order of versions of their ecosystem, and drops those of git', () => {
    const read = (ecosystem: string, ranges: object[], versions: string[] = ['1']) =>
      parseOsvRecord({ id: 'A', affected: [{ package: { ecosystem, name: 'Some_Name' }, ranges, versions }] })
        .affected[0]
    const semver = { type: 'SEMVER', events: [{ introduced: '0' }] }
    const git = { type: 'GIT', repo: 'https://a.example', events: [{ introduced: '0' }] }
    expect(read('Go', [semver, git])?.ranges.map(({ scheme }) => scheme)).toEqual(['golang'])
    expect(read('PyPI', [range({ introduced: '0' }, { last_affected: '2' })])).toMatchObject({
      name: 'some-name',
      ranges: [{ scheme: 'pep440', events: [{ introduced: '0' }, { lastAffected: '2' }] }],
    })
    expect(read('crates.any.example', [semver])).toMatchObject({
      ecosystem: 'crates',
      ranges: [{ scheme: 'semver' }],
    })
    expect(read('Linux', [range({ introduced: '0' })])?.ranges).toEqual([])
    expect(read('Linux', [semver])?.ranges).toEqual([{ scheme: 'semver', events: [{ introduced: '0' }] }])
    // Kept all the same: such a package is not known to be clean.
    for (const ranges of [[git], [range()], [range({ fixed: '2' })]])
      expect(read('Debian:12', ranges, [])).toMatchObject({ name: 'Some_Name', ranges: [], versions: [] })
    expect(read('Debian:12', [range({ introduced: '0' }, { limit: '*' })])?.ranges[0]?.events).toEqual([
      { introduced: '0' },
    ])
  })

  it("ends open ranges where GitHub's advisories say so beside the schema", () => {
    const read = (known: unknown, ...events: object[]) =>
      parseOsvRecord({
        id: 'GHSA-75v8-2h7p-7m2m',
        affected: [
          {
            package: { ecosystem: 'npm', name: 'formidable' },
            ranges: [range(...events)],
            database_specific: { last_known_affected_version_range: known },
          },
        ],
      }).affected[0]?.ranges[0]?.events
    const start = { introduced: '2.1.0' }
    expect(read('< 2.1.3', start)).toEqual([start, { limit: '2.1.3' }])
    expect(read('<= 2.1.2', start)).toEqual([start, { lastAffected: '2.1.2' }])
    // The schema's own end counts, and what is no end ends nothing.
    for (const known of ['<= 9', '> 1', '< 1, > 3', '<', 7, null])
      expect(read(known, start, { fixed: '3' })).toEqual([start, { fixed: '3' }])
    for (const known of ['> 1', '< 1, > 3', '<', 7, null]) expect(read(known, start)).toEqual([start])
  })

  it('calls repositories by their path, where records give the address', () => {
    const read = (ecosystem: string, name: string) =>
      parseOsvRecord({ id: 'A', affected: [{ package: { ecosystem, name }, versions: ['1'] }] }).affected[0]
        ?.name
    expect(read('GitHub Actions', 'https://github.com/PyTorch/pytorch/.github/actions/filter')).toBe(
      'pytorch/pytorch/.github/actions/filter',
    )
    expect(read('SwiftURL', 'https://github.com/apple/swift-nio.git')).toBe('github.com/apple/swift-nio')
  })

  it('says that a release never was affected when version 0 repairs it', () => {
    const events = [{ introduced: '0' }, { fixed: '0' }]
    const [entry] = parseOsvRecord({
      id: 'A',
      affected: [{ package: debian, ranges: [range(...events)] }],
    }).affected
    expect(entry?.notAffected).toBe(true)
  })

  it('is skipped with a reason when it cannot be read', () => {
    const reason = (value: unknown) =>
      osvItem(typeof value === 'string' ? value : JSON.stringify(value), 'line 1')
    expect(reason('{')).toMatchObject({ kind: 'skipped', where: 'line 1' })
    expect(reason([])).toMatchObject({ kind: 'skipped', reason: 'it is not an object' })
    expect(reason({ id: '' })).toMatchObject({ kind: 'skipped', reason: 'it has no id' })
    expect(reason({ id: 'a\0b' })).toMatchObject({ kind: 'skipped' })
    expect(reason({ id: 'a', affected: new Array(20_001).fill(0) })).toMatchObject({ kind: 'skipped' })
    const million = {
      package: debian,
      ranges: [{ type: 'ECOSYSTEM', events: new Array(1_000_000).fill({ fixed: '1' }) }],
    }
    expect(reason({ id: 'a', affected: [million] })).toMatchObject({
      kind: 'skipped',
      reason: 'a range has 1000000 events',
    })
    expect(reason('['.repeat(100_000))).toMatchObject({ kind: 'skipped' })
    expect(
      reason({ id: 'a', affected: [{ package: { ecosystem: 'Debian:12', name: 'x\ny' }, versions: ['1'] }] }),
    ).toMatchObject({
      kind: 'advisory',
      advisory: { affected: [] },
    })
  })

  it('may be anything', () => {
    const key = fc.constantFrom(
      'id',
      'affected',
      'package',
      'ecosystem',
      'name',
      'ranges',
      'events',
      'introduced',
      'fixed',
      'type',
      'severity',
      'aliases',
      'upstream',
      'references',
      'url',
      'published',
      '__proto__',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('ECOSYSTEM', 'SEMVER', 'Debian:12', '0', '', null, 1, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }))
    fc.assert(
      fc.property(value, (anything) => {
        const item = osvItem(JSON.stringify({ id: 'A', ...(anything as object) }), 'here')
        expect(['advisory', 'skipped']).toContain(item.kind)
      }),
      { numRuns: 500 },
    )
  })
})
