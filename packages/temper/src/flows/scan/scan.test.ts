import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseReference } from '../../oci/reference.ts'
import { parseIgnoreFile } from '../../policy/ignore/ignore-file.ts'
import { scanJson } from '../../report/json/json.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import type { Context } from '../context.ts'
import { listEvidence } from '../evidence/list.ts'
import { feedsContext, osvRecord } from '../feeds/fixtures/sample.ts'
import { importFeeds } from '../feeds/import.ts'
import type { ScanTarget } from '../inventory/target.ts'
import { type ScanRequest, scan } from './scan.ts'

let folder = ''
let context: Context
const osRelease = 'ID=debian\nVERSION_ID=12\n'
const status = (...packages: readonly (readonly [string, string])[]) =>
  packages
    .map(
      ([name, version]) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`,
    )
    .join('')

async function root(name: string, files: Readonly<Record<string, string>>): Promise<ScanTarget> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true })
    await writeFile(join(folder, name, path), text)
  }
  return { kind: 'directory', path: name }
}

/** CVE-2024-1000 to 1002 are fixed in openssl 1.0-1 to 1.2-1; 2000 is open, and critical. */
const open = {
  ...osvRecord(0),
  id: 'DEBIAN-CVE-2024-2000',
  upstream: ['CVE-2024-2000'],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'openssl' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
    },
  ],
}
let old: ScanTarget
let young: ScanTarget
let image: ScanTarget
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-scan-'))
  context = feedsContext(folder)
  const records = [0, 1, 2].map((number) => osvRecord(number)).concat(open)
  await writeFile(join(folder, 'feed.ndjson'), records.map((each) => `${JSON.stringify(each)}\n`).join(''))
  await importFeeds({ paths: ['feed.ndjson'] }, context)
  const database = 'var/lib/dpkg/status'
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  old = await root('old', { 'etc/os-release': osRelease, [database]: status(['openssl', '1.0-1']) })
  young = await root('young', {
    'etc/os-release': osRelease,
    [database]: status(['openssl', '1.1-1']),
    'srv/tls.key': pem,
  })
  await writeLayout(
    join(folder, 'image'),
    [
      [
        { path: 'etc/os-release', type: 'file', content: osRelease },
        { path: database, type: 'file', content: status(['openssl', '1.1-1']) },
      ],
    ],
    {},
  )
  image = { kind: 'image', reference: parseReference('oci:image:latest') }
  await writeFile(join(folder, 'ours.key'), pem)
  await writeFile(join(folder, 'ours.pub'), key.publicKey.export({ type: 'spki', format: 'pem' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const one = async (request: Partial<ScanRequest>, target = young) => {
  const { reports, passed } = await scan({ targets: [target], ...request }, context)
  const [report] = reports
  if (report === undefined) throw new Error('no report')
  return { ...report, passed, ids: report.result.findings.map(({ id }) => id).sort() }
}

describe('what is shown of what was found', () => {
  it('is all of it', async () => {
    const { ids, hidden, passed, result } = await one({})
    expect([ids, hidden, passed]).toEqual([['CVE-2024-1002', 'CVE-2024-2000'], 0, true])
    expect(result.secrets.map(({ location }) => location.path)).toEqual(['srv/tls.key'])
  })

  it('is what an upgrade removes, and then the gate judges only that', async () => {
    const { ids, hidden, passed } = await one({ onlyFixed: true, failOn: 'critical' })
    expect([ids, hidden, passed]).toEqual([['CVE-2024-1002'], 1, true])
    expect((await one({ failOn: 'critical' })).passed).toBe(false)
  })

  it('is what is as severe as asked for, while the gate sees all, and upgrades are for what is shown', async () => {
    const critical = await one({ severity: 'critical', failOn: 'fixable' })
    expect([critical.ids, critical.hidden, critical.passed]).toEqual([['CVE-2024-2000'], 1, false])
    expect(critical.result.upgrades.flatMap(({ removes }) => removes)).toEqual(['CVE-2024-2000'])
    expect((await one({ severity: 'unknown' })).hidden).toBe(0)
    const all = (await one({})).result.upgrades.flatMap(({ removes }) => removes)
    expect(all.sort()).toEqual(['CVE-2024-1002', 'CVE-2024-2000'])
  })

  it.each<[Partial<ScanRequest>, number, readonly string[]]>([
    [{ secrets: 'none' }, 0, []],
    [{ secrets: 'read' }, 1, []],
    [{ exclude: ['srv'] }, 0, []],
    [{ exclude: ['/srv/*.key'] }, 0, []],
    [{ exclude: ['var'] }, 1, ['no-packages', 'places-left-out']],
  ])('with %j: %i secrets', async (request, secrets, codes) => {
    const { result } = await one(request)
    expect(result.secrets).toHaveLength(secrets)
    const noted = result.notes.map(({ code }) => code)
    expect(codes.filter((code) => !noted.includes(code))).toEqual([])
  })

  it('may be told of a distribution that nothing else tells of', async () => {
    const bare = await root('bare', { 'var/lib/dpkg/status': status(['openssl', '1.1-1']) })
    expect((await one({}, bare)).ids).toEqual([])
    expect((await one({ distribution: 'debian-12' }, bare)).ids).toHaveLength(2)
    await expect(one({ distribution: '12' }, bare)).rejects.toMatchObject({ code: 'bad-usage' })
  })
})

describe('several targets', () => {
  it('are reported in their order, and one that is refused refuses all', async () => {
    const { reports, passed } = await scan({ targets: [young, old], failOn: 'critical' }, context)
    expect(reports.map(({ result }) => result.target.name)).toEqual(['dir:young', 'dir:old'])
    expect(reports.map(({ result }) => result.findings.length)).toEqual([2, 3])
    expect(passed).toBe(false)
    expect((await scan({ targets: [young, old], failOn: 'malicious' }, context)).passed).toBe(true)
  })

  it('are told of an ignore rule only when it fits none of them', async () => {
    const rule = (id: string) => `  - { id: ${id}, reason: not reachable, expires: 2027-01-01 }\n`
    const ignore = parseIgnoreFile(
      Buffer.from(`ignore:\n${rule('CVE-2024-1001')}${rule('CVE-1999-1')}`),
      'rules',
    )
    const { reports } = await scan({ targets: [young, old], ignore }, context)
    // The first is only about what is old.
    expect(reports.map(({ result }) => result.findings.length)).toEqual([2, 2])
    for (const { result } of reports) {
      expect(result.unused?.map(({ id }) => id)).toEqual(['CVE-1999-1'])
      const [note] = result.notes.filter(({ code }) => code === 'ignore-rule-unused')
      expect(note?.message).toContain('CVE-1999-1')
      expect(note?.message).not.toContain('CVE-2024-1001')
    }
  })

  it('cannot be compared with another', async () => {
    const compare = { kind: 'target', target: old } as const
    await expect(scan({ targets: [young, old], compare }, context)).rejects.toMatchObject({
      code: 'bad-usage',
    })
  })

  it('are not begun once the person has stopped', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(scan({ targets: [young] }, { ...context, signal })).rejects.toThrow('stopped')
  })
})

describe('a comparison', () => {
  const idsOf = (all: readonly { readonly id: string }[] = []) => all.map(({ id }) => id)

  it('with another target says what came, went and stayed, with the version from before', async () => {
    const { comparison } = await one({ compare: { kind: 'target', target: old } })
    expect(comparison?.with).toBe('dir:old')
    expect(idsOf(comparison?.appeared)).toEqual([])
    expect(idsOf(comparison?.disappeared)).toEqual(['CVE-2024-1001'])
    expect(comparison?.stayed.map(({ id, earlierVersion }) => [id, earlierVersion]).sort()).toEqual([
      ['CVE-2024-1002', '1.0-1'],
      ['CVE-2024-2000', '1.0-1'],
    ])
  })

  it('with an earlier result says the same', async () => {
    const earlier = await one({}, old)
    const bytes = Buffer.from(JSON.stringify(scanJson(earlier)))
    const byResult = await one({ compare: { kind: 'result', name: 'old.json', bytes } })
    const byTarget = await one({ compare: { kind: 'target', target: old } })
    expect(byResult.comparison).toEqual({ ...byTarget.comparison, with: 'old.json' })
  })

  it('of what can be repaired leaves what cannot out on both sides', async () => {
    const request = { onlyFixed: true, compare: { kind: 'target', target: old } } as const
    expect(idsOf((await one(request)).comparison?.disappeared)).toEqual(['CVE-2024-1001'])
    const bytes = Buffer.from(JSON.stringify(scanJson(await one({}, old))))
    const byResult = await one({ onlyFixed: true, compare: { kind: 'result', name: 'o', bytes } })
    expect(idsOf(byResult.comparison?.disappeared)).toEqual(['CVE-2024-1001'])
  })

  it('sees what the chosen severity hides', async () => {
    const { comparison } = await one({ severity: 'critical', compare: { kind: 'target', target: old } })
    expect(idsOf(comparison?.disappeared)).toEqual(['CVE-2024-1001'])
  })
})

describe('what is attached', () => {
  const sign = { key: { kind: 'file', path: 'ours.key' }, password: async () => '' } as const
  const type = 'https://in-toto.io/attestation/vulns/v0.2'
  const listed = async () => {
    const reference = parseReference('oci:image')
    return (await listEvidence({ reference, keys: ['ours.pub'] }, context)).evidence
  }

  it('is a statement about the image, signed when there is a key', async () => {
    const plain = await scan({ targets: [image], attach: {} }, context)
    expect(plain.attached).toMatchObject([{ reference: 'oci:image:latest', type }])
    expect(plain.attached[0]).not.toHaveProperty('signer')
    const signed = await scan({ targets: [image], attach: { sign } }, context)
    expect((await listed()).map(({ digest, verified }) => [digest, verified])).toEqual(
      expect.arrayContaining([
        [plain.attached[0]?.digest, false],
        [signed.attached[0]?.digest, true],
      ]),
    )
    expect(signed.attached[0]?.subject).toBe(signed.reports[0]?.result.target.digest)
  })

  it('cannot be attached to what is no image', async () => {
    await expect(scan({ targets: [young], attach: {} }, context)).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining('dir:young is not an image'),
    })
  })
})
