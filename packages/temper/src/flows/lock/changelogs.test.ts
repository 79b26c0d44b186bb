import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockedPackage, type SampleFile, sampleDistro } from '../../assemble/fixtures/sample.ts'
import { openDistro } from '../../distro/open.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPackage } from '../../model/lock.ts'
import { debOf } from '../fixtures/sample-archive.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { namedCves, readChangelog } from './changelogs.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-changelogs-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const locked = (version: string): LockedPackage => ({
  ...lockedPackage({ name: 'app', files: [] }),
  source: { name: 'app', version },
})
const change = { platform: 'linux/amd64', kind: 'changed', name: 'app' } as const

describe('what changed in a package', () => {
  const entry = (version: string, text: string) =>
    `app (${version}) trixie; urgency=high\n\n  * ${text}\n\n -- A <a@a.example>  Fri, 02 Jan 2026 03:04:05 +0000\n\n`
  const changelog =
    entry('3-1', 'Fix CVE-2026-0003') + entry('2-1', 'Fix CVE-2026-0002') + entry('1-1', 'Fix CVE-2026-0001')

  /** Debian, with a package in the cache. */
  async function debianWith(files: Readonly<Record<string, string>>) {
    const distro = await openDistro('debian-13', {})
    const context = sampleContext(home)
    const path = distro.archivePath(context.cacheDir, locked('3-1').digest)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, debOf({ name: 'app', files }))
    return { context, distro }
  }

  it('is what its changelog says between the versions, by the distribution', async () => {
    const world = await debianWith({ '/usr/share/doc/app/changelog.Debian': changelog })
    const both = { ...change, from: locked('1-1'), to: locked('3-1') }
    expect(await namedCves(both, world)).toEqual(['CVE-2026-0002', 'CVE-2026-0003'])
    expect(await namedCves({ ...both, to: locked('2-1') }, world)).toEqual(['CVE-2026-0002'])
    expect(await namedCves({ ...change, kind: 'added', to: locked('3-1') }, world)).toEqual([])
    expect(await namedCves({ ...change, kind: 'removed', from: locked('1-1') }, world)).toEqual([])
  })

  it('is nothing known where it has no changelog', async () => {
    const world = await debianWith({ '/usr/bin/app': changelog })
    expect(await readChangelog(locked('3-1'), world)).toBeUndefined()
    expect(await namedCves({ ...change, from: locked('1-1'), to: locked('3-1') }, world)).toEqual([])
  })

  it('is nothing where one version is built again, whose archive nobody looks into', async () => {
    const world = { context: sampleContext(home), distro: await openDistro('debian-13', {}) }
    expect(await namedCves({ ...change, from: locked('3-1'), to: locked('3-1') }, world)).toEqual([])
  })
})

it('is read from files that state changes, and from no links and folders of such names', async () => {
  const files: readonly SampleFile[] = [
    'doc/changes/',
    ['doc/changes/app', 'of the app'],
    'doc/changes/link -> app',
    ['doc/other', 'other'],
  ]
  const distro: Distro = {
    ...sampleDistro([{ name: 'app', files }]),
    archivePath: () => 'app',
    statesChanges: (path) => path.startsWith('doc/changes'),
    readChangelog: (all) =>
      [...all].map(([path, bytes]) => ({
        source: path,
        version: '1',
        changes: Buffer.from(bytes).toString('utf8'),
        cveIds: [],
      })),
  }
  expect(await readChangelog(locked('1'), { context: sampleContext(home), distro })).toEqual([
    { source: 'doc/changes/app', version: '1', changes: 'of the app', cveIds: [] },
  ])
})
