import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../../test/support/fake-host.ts'
import { run } from '../run.ts'

/* What people type after years with other programs means what it means there, or is answered with the line to type. */

let folder = ''

async function write(name: string, content: string): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

async function temper(...args: string[]) {
  const host = new FakeHost({ workingDir: folder, env: { TEMPER_CACHE_DIR: join(folder, 'cache') } })
  const code = await run(args, host)
  return { code, out: host.out, err: host.err }
}

function record(id: string, name: string, fixed: string | undefined, vector: string): string {
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])]
  return JSON.stringify({
    schema_version: '1.6.0',
    id,
    modified: '2026-01-10T00:00:00Z',
    published: '2026-01-10T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
    severity: [{ type: 'CVSS_V3', score: vector }],
  })
}

const critical = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const low = 'CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N'
const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0' })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-habits-'))
  await write(
    'npm.ndjson',
    [
      record('CVE-2026-0001', 'left', '1.0.1', low),
      record('CVE-2026-0002', 'right', undefined, critical),
    ].join('\n'),
  )
  await write('app/usr/lib/node_modules/left/package.json', manifest('left'))
  await write('app/opt/vendor/node_modules/right/package.json', manifest('right'))
  await write(
    'app/opt/vendor/token',
    `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq9'.repeat(8)}\n-----END RSA PRIVATE KEY-----\n`,
  )
  expect((await temper('feeds', 'import', 'npm.ndjson')).code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true }))

async function ids(...args: string[]): Promise<string[]> {
  const { code, out } = await temper('scan', ...args, '--json')
  expect(code).toBe(0)
  return JSON.parse(out).findings.map(({ id }: { id: string }) => id)
}

describe('what Trivy and Grype call it', () => {
  it.each([
    [['app'], ['CVE-2026-0002', 'CVE-2026-0001']],
    [['./app', '--ignore-unfixed'], ['CVE-2026-0001']],
    [['dir:app', '--only-fixed'], ['CVE-2026-0001']],
    [['file:app', '--only-fixed'], ['CVE-2026-0001']],
    [['fs://app', '--only-fixed'], ['CVE-2026-0001']],
    [['app', '--skip-dirs', '/opt/vendor'], ['CVE-2026-0001']],
    [['app', '--skip-dirs', 'app/opt'], ['CVE-2026-0001']],
    [['app', '--exclude', './opt/**/*.json'], ['CVE-2026-0001']],
    [['app', '--skip-files', '**/left/package.json'], ['CVE-2026-0002']],
    [['app', '--severity', 'HIGH,CRITICAL'], ['CVE-2026-0002']],
    [['pkg:npm/left@1.0.0'], ['CVE-2026-0001']],
    [['pkg:npm/left@1.0.1'], []],
  ])('scan %j', async (args, expected) => {
    expect(await ids(...(args as string[]))).toEqual(expected)
  })

  it.each([
    [['--exit-code', '7'], 7],
    [['--exit-code', '0'], 0],
    [['--exit-code', '0', '--fail-on', 'any'], 0],
    [['--exit-code', '7', '--severity', 'CRITICAL'], 7],
    // The critical one has no fix, and the key lies where the other one is.
    [['--exit-code', '7', '--severity', 'CRITICAL', '--ignore-unfixed', '--scanners', 'vuln'], 0],
    [['--exit-code', '7', '--ignore-unfixed', '--scanners', 'vuln'], 7],
    [['--exit-code', '7', '--skip-dirs', 'opt', '--skip-dirs', 'usr'], 0],
    [['--exit-code', '7', '--skip-files', '**/package.json'], 7],
    [['--exit-code', '7', '--skip-files', '**/package.json', '--scanners', 'vuln'], 0],
    [['--exit-code', '3', '--fail-on', 'critical'], 3],
    [['--fail-on', 'critical'], 1],
  ])('scan app %j ends with %d', async (args, expected) => {
    expect((await temper('scan', 'app', ...(args as string[]))).code).toBe(expected)
  })

  it('writes formats by the names that mean the same', async () => {
    expect((await temper('scan', 'app', '-f', 'table')).out).toContain('2 vulnerabilities')
    expect(JSON.parse((await temper('scan', 'app', '-f', 'sarif')).out)).toMatchObject({ version: '2.1.0' })
    expect(JSON.parse((await temper('sbom', 'app', '-f', 'cyclonedx')).out)).toMatchObject({
      bomFormat: 'CycloneDX',
    })
    expect((await temper('sbom', 'app', '-o', 'cyclonedx-json=app.cdx.json', '-q')).code).toBe(0)
    expect(await readFile(join(folder, 'app.cdx.json'), 'utf8')).toContain('"bomFormat"')
    expect(await ids('app.cdx.json')).toEqual(['CVE-2026-0002', 'CVE-2026-0001'])
  })

  it('does not call clean what was only left out', async () => {
    const { out } = await temper('scan', 'app', '--only-fixed', '--skip-dirs', 'usr', '--no-secrets')
    expect(out).toContain('1 not shown')
    expect(out).toContain('1 package in places that were left out')
    expect(out).not.toContain('no known vulnerabilities')
  })

  it('leaves places out of bills of materials, too', async () => {
    const { out } = await temper('sbom', 'app', '--exclude', '**/vendor', '-f', 'cyclonedx-json')
    expect(out).toContain('pkg:npm/left')
    expect(out).not.toContain('pkg:npm/right')
  })
})

describe('what is answered with the line to type', () => {
  it.each([
    [['image', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [
      [
        'image',
        '--severity',
        'HIGH,CRITICAL',
        '--ignore-unfixed',
        '-o',
        'a b.json',
        '-f',
        'json',
        'alpine:3.20',
      ],
      "Write: temper scan alpine:3.20 --severity HIGH,CRITICAL --ignore-unfixed -o 'a b.json' -f json",
    ],
    [
      ['image', '--exit-on-eol', '1', 'alpine:3.20'],
      'Write: temper scan alpine:3.20. In place of --exit-on-eol: Write --fail-on eol',
    ],
    [['image', '-f', 'cyclonedx', 'alpine:3.20'], 'Write: temper sbom alpine:3.20 -f cyclonedx'],
    [['alpine:3.20', '-o', 'json'], 'Write: temper scan alpine:3.20 -f json'],
    [['-f', 'json', 'alpine:3.20'], 'Write: temper scan alpine:3.20 -f json'],
    [['cp', 'a.example/x:1', 'b.example/x:1'], 'Write: temper copy a.example/x:1 b.example/x:1'],
    [['verify-attestation', '--type', 'spdx', 'a.example/x:1'], 'temper verify a.example/x:1 --require spdx'],
    [['scout', 'compare', '--to', 'x:1', 'x:2'], 'Write: temper scan x:2 --compare x:1'],
    [['clean'], 'Write: temper cache prune --all'],
    [['clean', 'a.example/x:1'], 'Write: cosign clean a.example/x:1'],
    [['config', '.'], 'temper admit FILE'],
    [['config', 'a.example/x:1'], 'Write: temper inspect a.example/x:1 --json'],
    [['inspect', '--config', 'docker://a.example/x:1'], 'Write: temper inspect IMAGE --json'],
    [['version', '--short'], 'temper --version'],
    [['scan', 'app', '-o', 'template', '-t', 'x'], 'Write --format markdown'],
    [['scan', 'https://git.example/x'], 'Clone the repository'],
    [['scan', 'purl:list.txt'], 'xargs temper scan < FILE'],
    [['copy', 'docker://a.example/x:1', 'dir:x'], 'oci:FOLDER'],
    [['build', 'a.yaml', 'a:1', 'a.tar'], 'Write: temper build a.yaml --tag docker-archive:a.tar:a:1'],
    [['policy', 'a.example/x:1'], 'Write: temper gate a.example/x:1'],
    [['vex', 'repo', 'init'], 'temper scan IMAGE --vex FILE'],
    [['scan', 'app', '--exit-code'], '--exit-code 1'],
    // What an option takes is not what the command is about.
    [['image', '--timeout', '5m', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [['image', '-f', 'table', '--severity', 'HIGH', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [['image', '--pkg-types', 'os', '--no-progress', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [['image', '--input', 'a.tar'], 'Write: temper scan a.tar'],
    [['dir:app', '-o', 'table'], 'Write: temper scan dir:app'],
    [['registry:alpine'], 'Write: temper scan registry:alpine'],
    [['pkg:npm/left@1.0.0'], 'Write: temper scan pkg:npm/left@1.0.0'],
    [['scout', 'cves', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [['cves', 'alpine:3.20'], 'Write: temper scan alpine:3.20'],
    [['db', 'import', 'db.tar.zst'], 'Write: temper feeds import db.tar.zst'],
    [['db', 'status'], 'Write: temper feeds'],
    [['db', 'update'], 'Write: temper feeds update'],
    [['explain', '--id', 'CVE-2026-0001'], 'Write: temper scan IMAGE -v'],
    [['k8s', '--report', 'summary'], 'temper admit -'],
    [['rebase', 'registry.example/web'], 'temper lock RECIPE --update'],
    [['mutate', 'registry.example/web', '--env', 'A=b'], 'Write: temper build RECIPE'],
    [['sign-blob', '--key', 'k', 'file'], 'Write: cosign sign-blob'],
    [['fs', '.'], 'Write: temper scan dir:.'],
    [['tree', 'registry.example/web'], 'Write: temper evidence registry.example/web'],
    [
      ['verify-attestation', 'registry.example/web'],
      'Write: temper verify registry.example/web --require TYPE',
    ],
    [['generate-key-pair'], 'Write: temper keys generate -o cosign'],
    [
      ['digest', 'registry.example/web'],
      'Write: temper inspect registry.example/web --json --no-packages | jq -r .digest',
    ],
    [
      ['scan', 'app', '-o', 'json'],
      'For the format write --format json, or -o json=FILE; for the file write -o ./json.',
    ],
    [['sbom', 'app', '-o', 'spdx-json'], 'For the format write --format spdx-json'],
    [['scan', 'app', '-f', 'high'], 'Write --fail-on high.'],
    [['scan', 'app', '-f', 'template'], 'Write --format markdown'],
    [['scan', 'app', '--scanners', 'license'], 'Check licences with: temper sbom TARGET --deny LICENCE'],
    [['scan', 'app', '--scanners', 'secret'], '--fail-on secret'],
    [['scan', 'app', '--ignorefile', 'x'], '--ignore FILE'],
    [['scan', 'app', '--exit-on-eol=1'], 'Write --fail-on eol.'],
    [['verify', 'registry.example/web', '--type', 'spdx'], 'Write --require TYPE.'],
    [
      ['verify', 'oci:app', '--key', 'awskms:///alias/x'],
      'cosign public-key --key awskms:///alias/x > cosign.pub',
    ],
    [['verify', 'oci:app', '--key', 'env://KEY'], `printf '%s\\n' "$KEY" > cosign.pub`],
    [['verify', 'oci:app', '--key', 'https://x.example/k.pub'], 'curl -o cosign.pub https://x.example/k.pub'],
    [['sign', 'oci:app', '--key', 'gcpkms://projects/x'], 'command:PROGRAM'],
  ])('%j', async (args, hint) => {
    const { code, err } = await temper(...(args as string[]))
    expect([code, err]).toEqual([2, expect.stringContaining(hint)])
  })
})

describe('what cosign calls it', () => {
  it('names identities, with patterns that match anywhere', async () => {
    const { code, err } = await temper(
      'verify',
      'oci:app',
      ...[
        '--certificate-identity-regexp',
        'team/images',
        '--certificate-oidc-issuer',
        'https://issuer.example',
      ],
    )
    // The options are taken: what fails is that the folder holds no image.
    expect([code, err]).toEqual([2, expect.stringContaining('found a folder without oci-layout')])
  })

  it('says when one thing was said twice', async () => {
    const twice = ['--identity', 'me@example.org', '--certificate-identity', 'you@example.org']
    const { err } = await temper('verify', 'oci:app', ...twice, '--issuer', 'https://issuer.example')
    expect(err).toContain('--identity was given twice')
  })
})
