import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { chunked } from '../../formats/bytes/fixtures/chunked.ts'
import type { FeedItem, FeedItems } from '../feed-item.ts'
import { debianTracker } from './debian-tracker.ts'
import { detectFormat } from './detect.ts'
import { epss } from './epss.ts'
import { kev } from './kev.ts'
import { osvLines, osvValues } from './osv/osv.ts'
import { secdb } from './secdb.ts'

type Reader = (source: ByteStream, what: string) => FeedItems

async function read(reader: Reader, content: unknown): Promise<FeedItem[]> {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const items: FeedItem[] = []
  for await (const item of reader(chunked(Buffer.from(text), 11), 'test')) items.push(item)
  return items
}

describe("Debian's tracker", () => {
  const state = (release: object) => ({
    'CVE-2024-0001': { description: 'a hole', releases: { bookworm: release } },
  })
  const affectedBy = async (release: object) => {
    const [item] = await read(debianTracker, { openssl: state(release) })
    return item?.kind === 'advisory' ? item.advisory.affected[0] : item
  }

  it('says what is repaired, and what never was affected', async () => {
    expect(
      await read(debianTracker, {
        openssl: state({ status: 'resolved', fixed_version: '3.0.11-1', urgency: 'low' }),
      }),
    ).toEqual([
      {
        kind: 'advisory',
        advisory: {
          id: 'DEBIAN-CVE-2024-0001',
          aliases: ['CVE-2024-0001'],
          summary: 'a hole',
          severity: [],
          affected: [
            {
              ecosystem: 'Debian:12',
              name: 'openssl',
              ranges: [{ scheme: 'dpkg', events: [{ introduced: '0' }, { fixed: '3.0.11-1' }] }],
              versions: [],
              severity: [{ kind: 'word', value: 'low' }],
            },
          ],
          references: ['https://security-tracker.debian.org/tracker/CVE-2024-0001'],
        },
      },
    ])
    expect(await affectedBy({ status: 'resolved', fixed_version: '0' })).toMatchObject({
      notAffected: true,
      ranges: [],
    })
    expect(await affectedBy({ status: 'undetermined' })).toBeUndefined()
  })

  it('says how it treats what is not repaired', async () => {
    const unfixed = async (more: object) => (await affectedBy({ status: 'open', ...more })) as object
    expect(await unfixed({ urgency: 'not yet assigned' })).toEqual({
      ecosystem: 'Debian:12',
      name: 'openssl',
      ranges: [{ scheme: 'dpkg', events: [{ introduced: '0' }] }],
      versions: [],
      unfixed: 'open',
    })
    expect(await unfixed({ nodsa: 'Minor issue', nodsa_reason: '' })).toMatchObject({ unfixed: 'deferred' })
    expect(await unfixed({ nodsa: 'Minor issue', nodsa_reason: 'postponed' })).toMatchObject({
      unfixed: 'deferred',
    })
    expect(await unfixed({ nodsa: 'Minor issue', nodsa_reason: 'ignored' })).toMatchObject({
      unfixed: 'wont-fix',
    })
    expect(await unfixed({ urgency: 'end-of-life' })).toMatchObject({ unfixed: 'wont-fix' })
    expect(await unfixed({ urgency: 'unimportant' })).toMatchObject({
      severity: [{ kind: 'word', value: 'unimportant' }],
    })
  })

  it('names releases by number, and problems without CVE by their own id', async () => {
    const releases = { trixie: { status: 'open' }, sid: { status: 'open' }, constructor: { status: 'open' } }
    const [item] = await read(debianTracker, { a: { 'TEMP-1-ABC': { releases } }, ['b\n']: {} })
    expect(item).toMatchObject({ advisory: { id: 'TEMP-1-ABC', aliases: [] } })
    const places = item?.kind === 'advisory' ? item.advisory.affected.map(({ ecosystem }) => ecosystem) : []
    expect(places).toEqual(['Debian:13', 'Debian:sid', 'Debian:constructor'])
  })
})

describe('secdb', () => {
  const packages = [
    {
      pkg: {
        name: 'zlib',
        secfixes: { '1.3.2-r0': ['CVE-2026-22184 XSA-1 (+ regression)'], '0': ['CVE-2026-22184'] },
      },
    },
    { pkg: { name: 'bad\0name', secfixes: {} } },
  ]
  it('keeps both sides of a contradiction for whoever matches', async () => {
    const [part, bad, cve, xsa] = await read(secdb, { distroversion: 'v3.20', reponame: 'main', packages })
    expect(part).toEqual({ kind: 'list', part: 'main' })
    expect(bad?.kind).toBe('skipped')
    expect(cve).toMatchObject({
      advisory: {
        id: 'ALPINE-CVE-2026-22184',
        aliases: ['CVE-2026-22184'],
        affected: [
          { ecosystem: 'Alpine:v3.20', name: 'zlib', notAffected: true },
          { ranges: [{ scheme: 'apk', events: [{ introduced: '0' }, { fixed: '1.3.2-r0' }] }] },
        ],
      },
    })
    expect(xsa).toMatchObject({ advisory: { id: 'XSA-1', aliases: [] } })
  })
  it('is told by its repository', async () => {
    const family = async (more: object) => {
      const items = await read(secdb, { ...more, packages: packages.slice(0, 1) })
      const item = items.find(({ kind }) => kind === 'advisory')
      return item?.kind === 'advisory' ? item.advisory.affected[0]?.ecosystem : undefined
    }
    expect(await family({ distroversion: 'edge' })).toBe('Alpine:edge')
    expect(await family({ reponame: 'os', urlprefix: 'https://packages.wolfi.dev' })).toBe('Wolfi')
    expect(await family({ reponame: 'chainguard' })).toBe('Chainguard')
  })
})

describe('KEV and EPSS', () => {
  it('are read', async () => {
    const vulnerabilities = [
      {
        cveID: 'CVE-2024-0001',
        dateAdded: '2024-02-03',
        dueDate: '2024-02-24',
        knownRansomwareCampaignUse: 'Known',
      },
      { cveID: 'CVE-2024-0002', dateAdded: '2024-02-04', knownRansomwareCampaignUse: 'Unknown' },
      { cveID: 'CVE-2024-0003', dateAdded: 'yesterday' },
    ]
    expect(await read(kev, { dateReleased: '2024-03-01T17:04:19.9796Z', vulnerabilities })).toEqual([
      { kind: 'dated', date: '2024-03-01T17:04:19Z' },
      {
        kind: 'exploited',
        id: 'CVE-2024-0001',
        value: { added: '2024-02-03', due: '2024-02-24', ransomware: true },
      },
      { kind: 'exploited', id: 'CVE-2024-0002', value: { added: '2024-02-04' } },
      { kind: 'skipped', where: 'entry 3', reason: 'it has no CVE id or no date' },
    ])
    const scores =
      '#model_version:v2025.03.14,score_date:2025-06-01T00:00:00+0000\r\ncve,epss,percentile\r\nCVE-2024-0001,0.5,1\r\nCVE-2024-0002,1.5,1\r\n'
    expect(await read(epss, scores)).toEqual([
      { kind: 'dated', date: '2025-06-01T00:00:00Z' },
      { kind: 'prediction', id: 'CVE-2024-0001', value: { score: 0.5, percentile: 1 } },
      { kind: 'skipped', where: 'line 4', reason: 'it is not a score' },
    ])
    expect(await read(epss, 'percentile\tcve\tmore\tepss\n0.2\tCVE-2024-0001\tx\t1e-05')).toEqual([
      { kind: 'prediction', id: 'CVE-2024-0001', value: { score: 0.00001, percentile: 0.2 } },
    ])
    await expect(read(epss, 'a,b\n1,2')).rejects.toMatchObject({ code: 'bad-index' })
    await expect(read(kev, {})).rejects.toMatchObject({ code: 'bad-index' })
    await expect(read(kev, '[')).rejects.toMatchObject({ code: 'bad-index' })
  })
})

describe('the format of a file', () => {
  const record = { id: 'A', modified: '2024-01-01T00:00:00Z' }
  const cases: readonly (readonly [string, string | undefined])[] = [
    [JSON.stringify(record), 'osv-lines'],
    [`${JSON.stringify(record)}\n${JSON.stringify(record)}\n`, 'osv-lines'],
    [`\ufeff${JSON.stringify({ affected: [], ...record })}`, 'osv-lines'],
    [JSON.stringify(record, null, 2), 'osv-values'],
    [`${JSON.stringify({ affected: ['x'.repeat(100_000)], ...record })}\n`, 'osv-lines'],
    [` [${JSON.stringify(record)}]`, 'osv-array'],
    ['{"openssl": {"CVE-1": {"releases": {}}}}', 'debian-tracker'],
    ['{"apkurl": "x", "packages": []}', 'secdb'],
    ['{"packages": [{"pkg": {"secfixes": {}}}], "urlprefix": ""}', 'secdb'],
    ['{"title": "x", "catalogVersion": "1", "vulnerabilities": []}', 'kev'],
    ['#model_version:v1\ncve,epss,percentile\n', 'epss'],
    ['cve\tepss\tpercentile\n', 'epss'],
    ['PK\u0003\u0004', 'zip'],
    ['TEMPERIX', 'index'],
    ['{"name": "package"}', undefined],
    ['hello', undefined],
    ['', undefined],
  ]
  it.each(cases)('%.40j is %s', (text, format) => {
    expect(detectFormat(Buffer.from(text).subarray(0, 65_536))).toBe(format)
  })
})

it('no reader fails but with an error that says what is wrong', async () => {
  const readers: readonly Reader[] = [
    debianTracker,
    secdb,
    kev,
    epss,
    osvLines,
    (source, what) => osvValues(source, { what, mode: 'values' }),
    (source, what) => osvValues(source, { what, mode: 'members' }),
  ]
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\n', 'a') }),
  )
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(...readers), async (content, reader) => {
      try {
        await read(reader, content)
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
      }
    }),
    { numRuns: 400 },
  )
})
