import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeHost } from '../../test/support/fake-host.ts'
import { silentProgress } from '../base/progress.ts'
import { type ScannableBuild, scanBuild } from '../flows/build/scan.ts'
import type { Context } from '../flows/context.ts'
import type { VexDocument } from '../model/advisory/vex.ts'
import type { Lock, LockedPlatform } from '../model/lock.ts'
import { createContext } from './context.ts'
import { run } from './run.ts'

let folder = ''
let context: Context

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-build-scan-'))
  const host = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'cache') }, workingDir: folder })
  context = await createContext(host, {}, silentProgress)
})
afterAll(() => rm(folder, { recursive: true }))

const digest = `sha256:${'a'.repeat(64)}` as const
const locked = {
  platform: 'linux/amd64',
  packages: [
    {
      name: 'libssl3',
      version: '3.0.11-1',
      architecture: 'amd64',
      source: { name: 'openssl', version: '3.0.11-1' },
      digest,
    },
  ],
} as unknown as LockedPlatform
const build: ScannableBuild = {
  reference: { kind: 'oci', path: 'out/web', tag: 'latest' },
  lock: {
    distribution: 'debian-12',
    suites: [],
    recipe: { name: 'web' },
    platforms: [locked],
  } as unknown as Lock,
  locked: [locked],
  platforms: [{ platform: 'linux/amd64', digest } as ScannableBuild['platforms'][number]],
  ownFiles: false,
  statements: undefined,
}

describe('what was built', () => {
  it('is not looked at without advisories, unless that was asked for', async () => {
    expect(await scanBuild({}, build, context)).toBeUndefined()
    await expect(scanBuild({ failOn: 'high' }, build, context)).rejects.toMatchObject({ code: 'not-found' })
    await expect(scanBuild({ feeds: 'nowhere' }, build, context)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is scanned by its lock, refused by the gate, and spared by its own statements', async () => {
    const advisory = {
      id: 'CVE-2026-0001',
      modified: '2026-01-10T00:00:00Z',
      published: '2026-01-10T00:00:00Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      affected: [
        {
          package: { ecosystem: 'Debian:12', name: 'openssl' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.15-1' }] }],
        },
      ],
    }
    await writeFile(join(folder, 'debian.ndjson'), JSON.stringify(advisory))
    const host = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'cache') }, workingDir: folder })
    expect(await run(['feeds', 'import', 'debian.ndjson', '--whole', 'Debian'], host)).toBe(0)

    expect(await scanBuild({}, build, context)).toMatchObject([
      { platform: 'linux/amd64', total: 1, fixable: 1, complete: true, severities: { critical: 1 } },
    ])
    expect(await scanBuild({ failOn: 'kev' }, build, context)).toMatchObject([{ verdict: { passed: true } }])
    await expect(scanBuild({ failOn: 'critical' }, build, context)).rejects.toMatchObject({
      code: 'gate-refused',
      exitCode: 1,
      message: expect.stringContaining(
        'critical: CVE-2026-0001 in libssl3 3.0.11-1; upgrade openssl from 3.0.11-1 to 3.0.15-1',
      ),
    })

    const statements: VexDocument = {
      id: 'web',
      format: 'openvex',
      origin: 'web.openvex.json',
      statements: [{ vulnerability: 'CVE-2026-0001', aliases: [], products: [], status: 'not_affected' }],
    }
    expect(await scanBuild({ failOn: 'critical' }, { ...build, statements }, context)).toMatchObject([
      { total: 0, suppressed: 1, verdict: { passed: true } },
    ])
  })

  it('goes on when the advisories are damaged and nobody asked for a scan', async () => {
    const damaged = new FakeHost({ env: { TEMPER_CACHE_DIR: join(folder, 'damaged') }, workingDir: folder })
    expect(await run(['feeds', 'import', 'debian.ndjson', '--whole', 'Debian'], damaged)).toBe(0)
    await writeFile(join(folder, 'damaged/feeds/current.json'), '{}')
    await rm(join(folder, 'damaged/feeds/sources'), { recursive: true })
    const warnings: string[] = []
    const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) }
    const other = await createContext(damaged, {}, progress)
    expect(await scanBuild({}, build, other)).toBeUndefined()
    expect(warnings).toMatchObject([expect.stringContaining('the image was not scanned')])
    await expect(scanBuild({ failOn: 'high' }, build, other)).rejects.toMatchObject({ code: 'bad-index' })
  })
})
