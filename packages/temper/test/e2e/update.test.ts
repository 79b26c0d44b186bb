import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  cleanUp,
  makeKey,
  publish,
  type SigningKey,
  startMirror,
  type TestMirror,
  type TestPackage,
} from '../../src/distro/debian/fixtures/mirror.ts'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { LockOutcome } from '../../src/flows/lock/lock.ts'
import type { Lock } from '../../src/model/lock.ts'
import { temper, temperError, temperJson } from '../support/temper-cli.ts'

/* Security updates arrive in a signed repository, and locks move on to them. */

let folder = ''
let key: SigningKey
let mirror: TestMirror
/** Seconds before now at which the repository says it was made; each publication is newer. */
let age = 9000

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temper-update-'))
  key = await makeKey()
  mirror = await startMirror()
  writeFileSync(join(folder, 'key.asc'), key.armored)
  writeFileSync(
    join(folder, 'recipe.yaml'),
    `
name: gadgets
contents:
  packages: [gadget, widget]
  repositories:
    - name: gadgets
      address: ${mirror.address}
      suite: stable
      key: key.asc
      fingerprint: ${key.fingerprint}
`,
  )
  await offer(first)
})
afterAll(async () => {
  await cleanUp()
  rmSync(folder, { recursive: true, force: true })
})

interface Version {
  readonly version: string
  readonly changes: string
}

const versions = {
  gadget: [
    { version: '1.0-1', changes: 'First release. Closes CVE-2020-0001.' },
    { version: '1.0-2', changes: 'Fix an overflow (CVE-2026-1111).' },
    { version: '1.1-1', changes: 'New upstream release: CVE-2026-2222, CVE-2026-0333.' },
  ],
  widget: [
    { version: '2:3.0-1', changes: 'First release.' },
    { version: '2:3.0-1+deb13u1', changes: 'Security update: cve-2026-4444.' },
  ],
} as const
type Name = keyof typeof versions

const first: readonly [Name, number][] = [
  ['gadget', 1],
  ['widget', 1],
]
const second: readonly [Name, number][] = [...first, ['gadget', 3], ['widget', 2]]

/** Publishes packages, each with the first so many entries of its changelog. */
async function offer(list: readonly (readonly [Name, number])[]): Promise<void> {
  age -= 1000
  const at = new Date(Date.now() - age * 1000)
  await publish(mirror, {
    suite: 'stable',
    key,
    signedAt: at,
    packages: list.map(([name, count]) => archiveOf(name, versions[name].slice(0, count))),
    fields: { Date: at.toUTCString().replace('GMT', 'UTC'), 'Valid-Until': undefined },
  })
}

/** What has been made already: an archive that is offered again is the same. */
const made = new Map<string, TestPackage>()

/** A package as dpkg-deb makes it. */
function archiveOf(name: Name, entries: readonly Version[]): TestPackage {
  const { version = '' } = entries.at(-1) ?? {}
  const known = made.get(`${name} ${version}`)
  if (known !== undefined) return known
  const root = join(folder, `${name}-${entries.length}`)
  const changelog = [...entries]
    .reverse()
    .map(
      (entry) =>
        `${name} (${entry.version}) stable; urgency=high\n\n  * ${entry.changes}\n\n -- A <a@mirror.example>  Mon, 01 Jun 2026 06:00:00 +0000\n`,
    )
    .join('\n')
  const files: Readonly<Record<string, string | Buffer>> = {
    'DEBIAN/control': `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: A <a@mirror.example>\nDescription: a test\n`,
    [`usr/share/${name}/version`]: `${version}\n`,
    [`usr/share/doc/${name}/copyright`]: 'Free.\n',
    [`usr/share/doc/${name}/changelog.Debian.gz`]: gzipSync(changelog),
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  chmodSync(join(root, 'DEBIAN'), 0o755)
  const file = `${root}.deb`
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, file], { stdio: 'ignore' })
  const archive = { name, version, architecture: 'all', content: readFileSync(file) }
  made.set(`${name} ${version}`, archive)
  return archive
}

const place = () => ({ cwd: folder })
const lockedVersions = () => {
  const lock: Lock = JSON.parse(readFileSync(join(folder, 'recipe.lock.json'), 'utf8'))
  return Object.fromEntries(
    lock.platforms.flatMap(({ packages }) => packages.map((p) => [p.name, p.version])),
  )
}

describe('a lock', () => {
  it('is made of what the repository has', async () => {
    const { path } = await temperJson<LockOutcome>(['lock', '.', '-o', 'recipe.lock.json'], place())
    expect(path).toBe(join(folder, 'recipe.lock.json'))
    expect(lockedVersions()).toEqual({ gadget: '1.0-1', widget: '2:3.0-1' })
  })

  it('stays as it is when updates arrive', async () => {
    await offer(second)
    const built = await temperJson<BuildResult>(['build', '.', '--lock', 'recipe.lock.json'], place())
    expect(built.platforms[0]?.packages).toBe(2)
    expect(lockedVersions()).toEqual({ gadget: '1.0-1', widget: '2:3.0-1' })
  })

  it('moves one package on that is named, and tells which vulnerabilities that fixes', async () => {
    const args = ['lock', '.', '--update', 'gadget', '-o', 'recipe.lock.json']
    const outcome = await temperJson<LockOutcome>(args, place())
    expect(outcome.changes).toEqual([
      expect.objectContaining({
        kind: 'changed',
        name: 'gadget',
        cves: ['CVE-2026-0333', 'CVE-2026-1111', 'CVE-2026-2222'],
      }),
    ])
    expect(lockedVersions()).toEqual({ gadget: '1.1-1', widget: '2:3.0-1' })
  })

  it('moves everything on without a name', async () => {
    const { code, stdout } = await temper(['lock', '.', '--update', '-o', 'recipe.lock.json'], place())
    expect(code).toBe(0)
    expect(stdout).toMatch(/linux\/\S+ +widget +2:3\.0-1 → 2:3\.0-1\+deb13u1 +CVE-2026-4444\n/)
    expect(stdout).not.toContain('gadget ')
    expect(lockedVersions()).toEqual({ gadget: '1.1-1', widget: '2:3.0-1+deb13u1' })
  })

  it('is up to date then', async () => {
    const args = ['lock', '.', '--update', '-o', 'recipe.lock.json']
    expect(await temperJson<LockOutcome>(args, place())).toMatchObject({ changed: false, changes: [] })
  })

  it('has to have a package that is named', async () => {
    const error = await temperError(['lock', '.', '--update', 'gadgte', '-o', 'recipe.lock.json'], place())
    expect(error).toMatchObject({ code: 'package-not-found', hint: expect.stringMatching(/gadget, widget/) })
  })
})

describe('a repository', () => {
  it('that goes back in time is refused', async () => {
    age += 5000
    await offer(first)
    expect(await temperError(['lock', '.', '-o', 'never.json'], place())).toMatchObject({
      code: 'release-rollback',
      exitCode: 3,
    })
    age -= 5000
  })

  it('that someone else signs is refused', async () => {
    const right = key
    key = await makeKey()
    await offer(second)
    key = right
    expect(await temperError(['lock', '.', '-o', 'never.json'], place())).toMatchObject({
      code: 'signature-invalid',
      exitCode: 3,
      message: expect.stringContaining('gadgets'),
    })
  })

  it('that serves other bytes than it lists is refused', async () => {
    await offer(second)
    for (const [path, bytes] of mirror.files)
      if (path.endsWith('.deb'))
        mirror.files.set(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]))
    const args = ['lock', '.', '-o', 'never.json', '--cache-dir', join(folder, 'other-cache')]
    expect(await temperError(args, place())).toMatchObject({
      code: 'digest-mismatch',
      exitCode: 3,
      message: expect.stringMatching(/gadget|widget/),
    })
  })
})
