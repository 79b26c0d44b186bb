import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { smallImage } from '../../test/support/small-image.ts'
import { openLayout } from '../oci/layout/layout.ts'
import { run } from './run.ts'

/* The contract of issue 5, with feeds, folders and documents made for it. */

let folder = ''

async function write(name: string, content: unknown): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
}

function record(id: string, name: string, fixed: string | undefined, more: object = {}) {
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])]
  const ranges = [{ type: 'ECOSYSTEM', events }]
  return JSON.stringify({
    schema_version: '1.6.0',
    id,
    modified: '2026-01-10T00:00:00Z',
    published: '2026-01-10T00:00:00Z',
    affected: [{ package: { ecosystem: 'Debian:12', name }, ranges }],
    ...more,
  })
}

const severity = (vector: string) => ({ severity: [{ type: 'CVSS_V3', score: vector }] })
const advisories = [
  record('CVE-2026-0001', 'openssl', '3.0.15-1', severity('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')),
  record('CVE-2026-0002', 'openssl', '3.0.16-1', severity('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H')),
  record('CVE-2026-0003', 'zlib', undefined, severity('CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N')),
  record('CVE-2026-0004', 'other', '9'),
].join('\n')

const status = `Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.11-1

Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib (1:1.2.13-1)
Version: 1:1.2.13-1+b1

`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-scan-'))
  await write('debian.ndjson', advisories)
  await write('root/etc/os-release', 'ID=debian\nVERSION_ID="12"\n')
  await write('root/var/lib/dpkg/status', status)
  await write('new/etc/os-release', 'ID=debian\nVERSION_ID="12"\n')
  await write('new/var/lib/dpkg/status', status.replace('3.0.11-1', '3.0.15-1'))
  const { code } = await temper('feeds', 'import', 'debian.ndjson', '--whole', 'Debian')
  expect(code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true }))

async function temper(...args: readonly string[]) {
  const host = new FakeHost({
    env: { TEMPER_CACHE_DIR: join(folder, 'cache'), TMPDIR: folder },
    workingDir: folder,
  })
  host.time = Date.UTC(2026, 1, 1)
  const code = await run(args, host)
  return { code, out: host.out, err: host.err }
}

interface Result {
  readonly target: string
  readonly packages: number
  readonly findings: readonly {
    readonly id: string
    readonly package: Readonly<Record<string, unknown>>
    readonly [member: string]: unknown
  }[]
  readonly suppressed: readonly { readonly id: string; readonly reason: string }[]
  readonly notes: readonly { readonly code: string }[]
  readonly unused: readonly object[]
  readonly verdict: {
    readonly passed: boolean
    readonly violations: readonly { readonly id: string }[]
  } | null
  readonly comparison: Readonly<Record<string, readonly { readonly id: string }[]>> | null
  readonly [member: string]: unknown
}

async function scan(...args: readonly string[]): Promise<Result & { readonly code: number }> {
  const { code, out } = await temper('scan', ...args, '--json')
  expect(out).toMatch(/^\{.*\}\n$/)
  return { ...JSON.parse(out), code }
}

const ids = (findings: readonly { readonly id: string }[] | undefined) => findings?.map(({ id }) => id).sort()

describe('temper scan --json', () => {
  it('has what the contract names', async () => {
    const result = await scan('dir:root')
    expect(result.code).toBe(0)
    expect(result).toMatchObject({ target: 'dir:root', packages: 2, suppressed: [], verdict: null })
    expect(ids(result.findings)).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003'])
    expect(result.findings.find(({ id }) => id === 'CVE-2026-0001')).toMatchObject({
      aliases: [],
      package: {
        name: 'libssl3',
        version: '3.0.11-1',
        type: 'deb',
        purl: expect.stringContaining('pkg:deb/debian/libssl3@3.0.11-1'),
        source: 'openssl',
        location: 'var/lib/dpkg/status',
      },
      fixedVersions: ['3.0.15-1'],
      severity: 'critical',
      score: 9.8,
      kev: false,
      epss: null,
      priority: expect.any(String),
      status: 'affected',
      reason: expect.stringContaining('3.0.15-1'),
      feed: 'debian',
      upgrade: { name: 'openssl', from: '3.0.11-1', to: '3.0.16-1' },
    })
    expect(result['feeds']).toMatchObject([{ id: 'debian', count: 4 }])
  })

  it('takes several targets at once', async () => {
    const { out, code } = await temper('scan', 'dir:root', 'dir:new', '--json', '--fail-on', 'critical')
    expect(code).toBe(1)
    const { targets, passed } = JSON.parse(out) as { targets: readonly Result[]; passed: boolean }
    expect(passed).toBe(false)
    expect(targets.map(({ target, verdict }) => [target, verdict?.passed])).toEqual([
      ['dir:root', false],
      ['dir:new', true],
    ])
  })

  it('does not call it clean when only the milder findings are left out', async () => {
    const { out } = await temper('scan', 'dir:new', '--severity', 'critical')
    expect(out).toMatch(/^! dir:new: nothing as severe as asked for\n.* 2 not shown/)
  })

  it('shows what is as severe as asked for, while the gate sees all', async () => {
    const result = await scan('dir:root', '--severity', 'HIGH,CRITICAL', '--fail-on', 'low')
    expect(ids(result.findings)).toEqual(['CVE-2026-0001', 'CVE-2026-0002'])
    expect(result['summary']).toMatchObject({ hidden: 1, total: 2 })
    expect(result.verdict?.violations).toHaveLength(3)
    expect(result.code).toBe(1)
  })
})

describe('the gate', () => {
  it.each([
    ['critical', 1],
    ['critical+kev', 0],
    ['high>15d', 1],
    ['high>30d', 0],
    ['eol', 0],
    ['incomplete', 0],
    ['epss>0.1', 0],
  ])('%s: exit code %i', async (rules, code) => {
    expect((await scan('dir:root', '--fail-on', rules)).code).toBe(code)
  })

  it('takes repeated options', async () => {
    expect((await scan('dir:root', '--fail-on', 'kev', '--fail-on', 'critical')).code).toBe(1)
  })

  it.each([
    [['--fail-on', 'crit'], 'bad-usage', /column 1/],
    [['--format', 'pdf'], 'bad-usage', /Allowed choices/],
    [['-o', 'report.pdf'], 'bad-usage', /does not say in which format/],
    [['-o', 'sarif=-'], 'bad-usage', /expected a file/],
    [['-o', 'pdf=report'], 'bad-usage', /not a format/],
    [['--format', 'sarif'], 'bad-usage', /exclude each other/],
    [['--severity', 'terrible'], 'bad-usage', /not a severity/],
    [['--as-of', 'yesterday'], 'bad-usage', /YYYY-MM-DD/],
    [['--as-of', '2026-02-30'], 'bad-usage', /YYYY-MM-DD/],
    [['--as-of', '2099-01-01'], 'bad-usage', /in the future/],
    [['--sign', 'a.key'], 'bad-usage', /nothing is attached/],
    [['--attach'], 'bad-usage', /not an image/],
    [['--vex', 'none.json'], 'not-found', /VEX file/],
    [['--vex', 'debian.ndjson'], 'bad-vex', /expected JSON/],
    [['--ignore', 'none.yaml'], 'not-found', /ignore rules/],
    [['--compare', 'debian.ndjson'], 'bad-usage', /not JSON/],
    [['--feeds', 'none'], 'not-found', /none/],
  ])('%j is bad input', async (args, code, message) => {
    const result = await temper('scan', 'dir:root', ...args, '--json')
    expect(result.code).toBe(2)
    expect(JSON.parse(result.out).error).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('needs advisories', async () => {
    const { code, out } = await temper('scan', 'dir:root', '--json', '--cache-dir', 'empty')
    expect(code).toBe(2)
    expect(JSON.parse(out).error).toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('feeds update'),
    })
  })
})

describe('secrets', () => {
  it('are told without being shown, break a rule that asks for it, and can be left out', async () => {
    const password = 'k3u9-Zq81-vv20-1xTn'
    await write('app/srv/.env', `SESSION_SECRET=${password}\n`)
    const { code, out } = await temper('scan', 'dir:app', '--json', '--fail-on', 'secret')
    expect(code).toBe(1)
    expect(JSON.parse(out).secrets).toMatchObject([{ rule: 'setting-password', line: 1, deleted: false }])
    expect(out).not.toContain(password)
    const without = await temper('scan', 'dir:app', '--json', '--fail-on', 'secret', '--no-secrets')
    expect(without.code).toBe(0)
    expect(JSON.parse(without.out).secrets).toEqual([])
  })
})

describe('what does not count', () => {
  it('is said by ignore rules, which end', async () => {
    await write(
      'ignore.yaml',
      'ignore:\n  - {package: openssl, reason: not reachable, expires: 2026-02-01}\n',
    )
    const result = await scan('dir:root', '--ignore', 'ignore.yaml', '--fail-on', 'high')
    expect(result.code).toBe(0)
    expect(ids(result.findings)).toEqual(['CVE-2026-0003'])
    expect(result.suppressed).toMatchObject([{ reason: 'not reachable' }, { reason: 'not reachable' }])
    await write(
      'ignore.yaml',
      'ignore:\n  - {package: openssl, reason: not reachable, expires: 2026-01-31}\n',
    )
    const later = await scan('dir:root', '--ignore', 'ignore.yaml', '--fail-on', 'high')
    expect(later.code).toBe(1)
    expect(later.notes.map(({ code }) => code)).toContain('ignore-rule-expired')
  })

  it('is told when a statement or a rule matches nothing, and which', async () => {
    const vex = (id: string, vulnerability = 'CVE-2026-0001') => ({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'urn:1',
      author: 'Jane',
      version: 1,
      timestamp: '2026-01-01T00:00:00Z',
      statements: [{ vulnerability, products: [{ '@id': id }], status: 'fixed' }],
    })
    await write('unused.json', vex('pkg:deb/debian/libssl3@3.0.15-1'))
    await write(
      'unused.yaml',
      'ignore:\n  - {id: CVE-2026-0003, package: openssl, reason: no}\n  - {id: CVE-1, reason: no}\n',
    )
    const options = ['--vex', 'unused.json', '--ignore', 'unused.yaml']
    const { unused, notes } = await scan('dir:root', ...options)
    expect(unused).toMatchObject([
      { kind: 'vex', source: 'unused.json', position: 1, id: 'CVE-2026-0001', reason: 'version' },
      { kind: 'rule', id: 'CVE-2026-0003 openssl', reason: 'package' },
      { kind: 'rule', id: 'CVE-1', reason: 'finding' },
    ])
    expect(notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['vex-unused', 'ignore-rule-unused']),
    )
    const text = (await temper('scan', 'dir:root', ...options)).out.replace(/\s+/g, ' ')
    expect(text).toContain('unused.json: 1 statement matches nothing')
    expect(text).toContain('is there in version 3.0.11-1')
    // What fits one of several targets is told of none.
    await write('unused.json', vex('pkg:deb/debian/libssl3@3.0.15-1', 'CVE-2026-0002'))
    const both = await temper('scan', 'dir:root', 'dir:new', '--vex', 'unused.json', '--json')
    for (const target of JSON.parse(both.out).targets) expect(target.unused).toEqual([])
  })

  it('may be a program in a document, by what only it needs', async () => {
    const [app, deb] = ['pkg:golang/example.com/app@v1', 'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12']
    const component = (purl: string, name: string) => ({
      type: 'library',
      'bom-ref': purl,
      purl,
      name,
      version: purl.replace(/^.*@|\?.*$/g, ''),
      properties: [{ name: 'aquasecurity:trivy:SrcName', value: 'openssl' }],
    })
    const document = (root: string, wanted: readonly string[]) => ({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { type: 'application', 'bom-ref': 'root', name: 'shop', purl: root } },
      components: [component(app, 'example.com/app'), component(deb, 'libssl3')],
      dependencies: [
        { ref: 'root', dependsOn: wanted },
        { ref: app, dependsOn: [deb] },
      ],
    })
    const shop = 'pkg:generic/shop@1'
    await write('own.cdx.json', document(shop, [app]))
    await write('both.cdx.json', document(shop, [app, deb]))
    const left = async (file: string, product: string) => {
      await write('part.json', {
        '@context': 'https://openvex.dev/ns/v0.2.0',
        '@id': 'urn:1',
        author: 'Jane',
        version: 1,
        timestamp: '2026-01-01T00:00:00Z',
        statements: [
          {
            vulnerability: 'CVE-2026-0001',
            products: [{ '@id': product, subcomponents: [{ '@id': 'pkg:deb/debian/libssl3' }] }],
            status: 'fixed',
          },
        ],
      })
      return ids((await scan(`sbom:${file}`, '--vex', 'part.json')).findings)
    }
    expect(await left('own.cdx.json', app)).toEqual(['CVE-2026-0002'])
    expect(await left('both.cdx.json', app)).toEqual(['CVE-2026-0001', 'CVE-2026-0002'])
    expect(await left('both.cdx.json', shop)).toEqual(['CVE-2026-0002'])
    expect(await left('both.cdx.json', 'pkg:generic/other@1')).toHaveLength(2)
  })

  it('is said by VEX documents', async () => {
    await write('vex.json', {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://example.com/vex/1',
      author: 'A team',
      timestamp: '2026-01-15T00:00:00Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'CVE-2026-0001' },
          products: [{ '@id': 'pkg:deb/debian/libssl3' }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
          impact_statement: 'never called',
        },
      ],
    })
    const result = await scan('dir:root', '--vex', 'vex.json', '--fail-on', 'critical')
    expect(result.code).toBe(0)
    expect(ids(result.suppressed)).toEqual(['CVE-2026-0001'])
    const { out } = await temper('scan', 'dir:root', '--vex', 'vex.json', '--show-suppressed')
    expect(out).toContain('Suppressed\n  CVE-2026-0001 in libssl3 3.0.11-1 critical\n')
    // The upgrade no longer promises to remove it.
    expect(out).toContain('openssl  3.0.11-1 → 3.0.16-1  removes 1\n')
  })
})

describe('--compare', () => {
  it('tells what came and went, against a target and against an earlier result', async () => {
    const against = await scan('dir:new', '--compare', 'dir:root')
    const { out } = await temper('scan', 'dir:root', '--json')
    await write('earlier.json', out)
    for (const result of [against, await scan('dir:new', '--compare', 'earlier.json')]) {
      expect(ids(result.comparison?.['appeared'])).toEqual([])
      expect(ids(result.comparison?.['disappeared'])).toEqual(['CVE-2026-0001'])
      expect(result.comparison?.['stayed']).toMatchObject([
        { id: 'CVE-2026-0002', package: { version: '3.0.15-1' }, earlierVersion: '3.0.11-1' },
        { id: 'CVE-2026-0003' },
      ])
    }
  })

  it.each([
    ['{"findings": 1}'],
    ['{"findings": [{}]}'],
    ['{"findings": [{"id": 1, "severity": "high", "package": {"type": "deb"}}]}'],
    ['[]'],
    ['{"targets": []}'],
    [
      '{"findings": [{"id": "a", "severity": "awful", "package": {"type": "deb", "name": "a", "version": "1"}}]}',
    ],
    [`{"findings": ${'['.repeat(30)}${']'.repeat(30)}}`],
  ])('takes no %s for a result', async (text) => {
    await write('hostile.json', text)
    const { code, out } = await temper('scan', 'dir:root', '--compare', 'hostile.json', '--json')
    expect(code).toBe(2)
    expect(['bad-usage', 'limit-exceeded']).toContain(JSON.parse(out).error.code)
  })
})

describe('output', () => {
  it('goes to files by their endings, while people read the summary', async () => {
    const files = ['a.sarif', 'a.cdx.json', 'a.xml', 'a.csv', 'a.html', 'a.md', 'a.txt', 'a.json']
    const { code, out, err } = await temper(
      'scan',
      'dir:root',
      ...files.flatMap((file) => ['-o', file]),
      '-o',
      'gitlab=deep/er/g',
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^✗ dir:root: 3 vulnerabilities\n/)
    const starts = await Promise.all(
      [...files, 'deep/er/g'].map(async (file) => (await readFile(join(folder, file), 'utf8')).slice(0, 150)),
    )
    expect(starts).toEqual([
      expect.stringContaining('sarif-schema-2.1.0'),
      expect.stringContaining('cyclonedx.org/schema'),
      expect.stringContaining('<?xml'),
      expect.stringContaining('"target","digest"'),
      expect.stringContaining('<!doctype html>'),
      expect.stringContaining('### '),
      expect.stringContaining('✗ dir:root: 3 vulnerabilities'),
      expect.stringContaining('"schemaVersion": 1'),
      expect.stringContaining('15.0.7'),
    ])
  })

  it('is one document with --format, and nothing with --quiet and a file', async () => {
    const { out } = await temper('scan', 'dir:root', '--format', 'sarif')
    expect(JSON.parse(out)).toMatchObject({ version: '2.1.0' })
    expect((await temper('scan', 'dir:root', '-o', 'q.json', '--quiet')).out).toBe('')
  })

  it('of one target is not made of several', async () => {
    const { code, err } = await temper('scan', 'dir:root', 'dir:new', '--format', 'cyclonedx-vex')
    expect(code).toBe(2)
    expect(err).toContain('is about one target, found 2')
  })
})

describe('--attach', () => {
  it('adds the result to the image, signed when there is a key', async () => {
    const image = smallImage({ bytes: 1000 })
    const layout = openLayout(join(folder, 'image'))
    for (const blob of image.blobs) await layout.push(blob)
    await layout.tag(image.root, 'latest')
    await layout.close()
    expect((await scan('oci:image', '--attach'))['attached']).toMatchObject([
      { subject: image.root.digest, type: 'https://in-toto.io/attestation/vulns/v0.2' },
    ])
    const host = new FakeHost({
      env: { TEMPER_KEY_PASSWORD: '', TEMPER_CACHE_DIR: join(folder, 'cache') },
      workingDir: folder,
    })
    expect(await run(['keys', 'generate'], host)).toBe(0)
    const signed = new FakeHost({ env: host.env as Record<string, string>, workingDir: folder })
    expect(await run(['scan', 'oci:image', '--attach', '--sign', 'temper.key'], signed)).toBe(0)
    expect(signed.out).toMatch(/Attached sha256:[0-9a-f]{64} to oci:image.*signed by sha256:/)
    const verified = await temper(
      'verify',
      'oci:image',
      '--key',
      'temper.pub',
      '--require',
      'https://in-toto.io/attestation/vulns/v0.2',
    )
    expect(verified.code).toBe(0)
  })
})
