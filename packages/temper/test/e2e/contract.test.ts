import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildResult } from '../../src/flows/build/result.ts'
import type { Lock } from '../../src/model/lock.ts'
import { catalogImage, catalogLock, readOtherPlatform } from '../support/catalog.ts'
import { layoutOf, readBlob } from '../support/layout.ts'
import { onlyObject, startTemper, temper, temperError, temperJson } from '../support/temper-cli.ts'

/* What scripts, CI systems and checks from outside may rely on. */

const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-contract-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const out = (name: string) => join(folder, name)

describe('temper build --json', () => {
  it('says what was built, and nothing else on standard output', async () => {
    const lock = await catalogLock('nginx')
    const layout = out('nginx')
    const result = await temper(['build', 'nginx', '--lock', lock, '-o', layout, '--json'])
    expect(result.code).toBe(0)
    expect(onlyObject(result.stdout)).toEqual({
      reference: `oci:${layout}:latest`,
      digest,
      platforms: [
        {
          platform: expect.stringMatching(/^linux\/(amd64|arm64)$/),
          digest,
          size: expect.any(Number),
          unpackedSize: expect.any(Number),
          layers: expect.any(Number),
          packages: expect.any(Number),
          files: expect.any(Number),
          user: '65532',
          pruned: expect.arrayContaining([
            {
              name: 'debconf',
              version: expect.any(String),
              source: { name: 'debconf', version: expect.any(String) },
              reason: expect.any(String),
            },
          ]),
          stripped: expect.any(Object),
          unmodelledEffects: expect.any(Array),
          relaxations: [],
        },
      ],
      cached: false,
      published: [],
      lock,
      milliseconds: expect.any(Number),
    })
  })

  it('tells that nothing had to be made when the same image is there already', async () => {
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', out('static')]
    // A time that no other test builds with: what is remembered of a build is about the last one that was the same.
    const env = { SOURCE_DATE_EPOCH: '1700000041' }
    const result = await temperJson<BuildResult>(args, { env })
    const again = await temperJson<BuildResult>(args, { env })
    expect([again.cached, again.digest]).toEqual([true, result.digest])
  })

  it.each<[string, string[], string, number]>([
    ['bad usage', ['build', 'nginx', '--no-such-option'], 'bad-usage', 2],
    ['no such recipe', ['build', 'ngnix'], 'recipe-not-found', 2],
    ['no lock there', ['build', 'nginx', '--lock', 'nowhere.json'], 'not-found', 2],
    ['no command', [], 'bad-usage', 2],
  ])('prints one error object and ends as documented: %s', async (_what, args, code, exitCode) => {
    const error = await temperError(args, { cwd: folder })
    expect(error).toEqual({
      code,
      message: expect.stringMatching(/./),
      hint: expect.stringMatching(/./),
      exitCode,
      details: expect.any(Object),
    })
  })
})

describe('the layout', () => {
  it('holds one image, named, every blob that it names, and what is attached to it', async () => {
    const { layout, result } = await catalogImage('nginx')
    expect(JSON.parse(readFileSync(join(layout, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    })
    const { manifests } = layoutOf(layout)
    const attached = (artifactType: string) =>
      expect.objectContaining({
        artifactType,
        annotations: expect.not.objectContaining({ 'org.opencontainers.image.ref.name': expect.anything() }),
      })
    expect(manifests).toEqual([
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: result.digest,
        size: expect.any(Number),
        platform: { os: 'linux', architecture: expect.stringMatching(/^(amd64|arm64)$/) },
        annotations: { 'org.opencontainers.image.ref.name': 'latest' },
      },
      attached('application/spdx+json'),
      attached('application/vnd.cyclonedx+json'),
      attached('application/vnd.openvex+json'),
      attached('application/vnd.in-toto+json'),
      attached('application/vnd.temper.build-inputs.v1'),
    ])
    const manifest = readBlob(layout, result.digest)
    const all = new Set(
      manifests.flatMap(({ digest: root }) => {
        const { config, layers } = readBlob(layout, root)
        return [root, config.digest, ...layers.map((layer) => layer.digest)]
      }),
    )
    expect(readdirSync(join(layout, 'blobs/sha256')).sort()).toEqual(
      [...all].map((name) => name.slice(7)).sort(),
    )
    const size = manifest.layers.reduce((sum, layer) => sum + layer.size, 0)
    expect(size).toBe(result.platforms[0]?.size)
  })

  it('holds one index for several platforms, on any host', async () => {
    const layout = out('two')
    await readOtherPlatform()
    const result = await temperJson<BuildResult>([
      'build',
      'static',
      '--platform',
      'linux/amd64,linux/arm64',
      '-o',
      layout,
    ])
    expect(result.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(layoutOf(layout).manifests.filter(({ artifactType }) => artifactType === undefined)).toEqual([
      expect.objectContaining({
        mediaType: 'application/vnd.oci.image.index.v1+json',
        digest: result.digest,
        annotations: { 'org.opencontainers.image.ref.name': 'latest' },
      }),
    ])
    const index = readBlob(layout, result.digest)
    expect(index.manifests.map(({ digest: member, platform }) => [member, platform])).toEqual(
      result.platforms.map(({ digest: member, platform }) => [
        member,
        { os: 'linux', architecture: platform.slice('linux/'.length) },
      ]),
    )
    for (const { digest: member } of result.platforms)
      for (const layer of readBlob(layout, member).layers)
        expect(existsSync(join(layout, 'blobs/sha256', layer.digest.slice(7)))).toBe(true)
  })

  it('takes its name from --tag, which may also name an archive', async () => {
    const layout = out('named')
    const archive = join(folder, 'static.tar')
    const result = await temperJson<BuildResult>(
      [
        'build',
        'static',
        '--lock',
        await catalogLock('static'),
        '-o',
        layout,
        '--tag',
        `docker-archive:${archive}:team/static:1.0`,
      ],
      { cwd: folder },
    )
    expect(result.published).toEqual([`docker-archive:${archive}:team/static:1.0`])
    const inspected = await temperJson<{ digest: string }>(['inspect', `docker-archive:${archive}`])
    expect(inspected.digest).toBe(result.digest)
  })
})

describe('locks', () => {
  it('say what was chosen', async () => {
    const path = join(folder, 'made.lock.json')
    const made = await temperJson<{ path: string; changed: boolean; lock: Lock }>([
      'lock',
      'static',
      '-o',
      path,
    ])
    const lock: Lock = JSON.parse(readFileSync(path, 'utf8'))
    expect(made).toMatchObject({ path, changed: true, lock })
    expect(lock).toMatchObject({
      formatVersion: 1,
      recipe: { name: 'static', checksum: digest, files: [] },
      distribution: 'debian-13',
      compressor: { format: 'gzip', level: expect.any(Number), definition: expect.any(String) },
    })
    expect(lock.suites.map(({ suite }) => suite).sort()).toEqual([
      'trixie',
      'trixie-security',
      'trixie-updates',
    ])
    for (const suite of lock.suites) {
      expect(suite).toMatchObject({ digest, date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) })
      expect(suite.signedBy.join()).toMatch(/^[0-9A-F,]{40,}$/)
    }
    for (const locked of lock.platforms.flatMap(({ packages }) => packages)) {
      expect(locked).toMatchObject({
        digest,
        size: expect.any(Number),
        version: expect.any(String),
        architecture: expect.stringMatching(/^(all|amd64|arm64)$/),
        source: { name: expect.any(String), version: expect.any(String) },
      })
    }
  })

  it('are written the same again when nothing has changed', async () => {
    const path = await catalogLock('static')
    const before = readFileSync(path, 'utf8')
    expect(await temperJson(['lock', 'static', '-o', path])).toMatchObject({ changed: false, changes: [] })
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('beside a recipe are used without being asked for', async () => {
    cpSync(join(import.meta.dirname, '../../../../catalog/static'), join(folder, 'mine'), { recursive: true })
    const made = await temperJson<{ path: string }>(['lock', 'mine'], { cwd: folder })
    const built = await temperJson<BuildResult>(['build', 'mine', '-o', out('mine-out')], { cwd: folder })
    expect(built.lock).toBe(made.path)
  })

  it('give the same image as resolving afresh on the same day', async () => {
    const { result } = await catalogImage('static')
    const afresh = await temperJson<BuildResult>(['build', 'static', '-o', out('afresh')])
    expect([afresh.digest, afresh.lock]).toEqual([result.digest, undefined])
  })
})

describe('the cache', () => {
  const digestWith = async (cache: string, name: string) => {
    const lock = await catalogLock('static')
    const args = ['build', 'static', '--lock', lock, '-o', out(name)]
    return (await temperJson<BuildResult>(args, { env: { TEMPER_CACHE_DIR: cache } })).digest
  }

  it('decides nothing: empty, another one, and one that other processes fill give the same digest', async () => {
    const { result } = await catalogImage('static')
    const cache = join(folder, 'cache-shared')
    const filled = await Promise.all(['one', 'two', 'three'].map((name) => digestWith(cache, name)))
    expect(filled).toEqual([result.digest, result.digest, result.digest])
    expect(await digestWith(cache, 'four')).toBe(result.digest)
  })

  it('may be left half-filled by a process that was killed', async () => {
    const { result } = await catalogImage('static')
    const cache = join(folder, 'cache-killed')
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', out('killed')]
    const { child, done } = startTemper(args, { env: { TEMPER_CACHE_DIR: cache } })
    await expect.poll(() => existsSync(join(cache, 'packages')), { interval: 5, timeout: 30_000 }).toBe(true)
    child.kill('SIGKILL')
    await done
    expect(await digestWith(cache, 'killed')).toBe(result.digest)
  })

  it('is all that is written to, besides the output', async () => {
    const home = mkdtempSync(join(folder, 'home-'))
    const cwd = mkdtempSync(join(folder, 'cwd-'))
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    const lock = await catalogLock('static')
    const env = { HOME: home, TMPDIR: temporary, TEMPER_CACHE_DIR: join(folder, 'cache-alone') }
    await temperJson(['build', 'static', '--lock', lock], { cwd, env })
    expect([readdirSync(home), readdirSync(temporary), readdirSync(cwd)]).toEqual([[], [], ['out']])
    expect(readdirSync(join(cwd, 'out/static')).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
  })
})

describe('--offline', () => {
  // In a network namespace of its own there is not even a loopback device that is up.
  const canUnshare = process.getuid?.() === 0 && works('unshare', ['-n', 'true'])
  const alone = canUnshare
    ? { through: ['unshare', '-n'] }
    : { env: { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' } }

  it('builds from a lock and a warm cache without a network', async () => {
    const { result } = await catalogImage('nginx')
    const args = ['build', 'nginx', '--lock', await catalogLock('nginx'), '-o', out('offline'), '--offline']
    expect((await temperJson<BuildResult>(args, alone)).digest).toBe(result.digest)
  })

  it('is not needed for that', async () => {
    const { result } = await catalogImage('nginx')
    const args = ['build', 'nginx', '--lock', await catalogLock('nginx'), '-o', out('no-network')]
    expect((await temperJson<BuildResult>(args, alone)).digest).toBe(result.digest)
  })

  it('says what is missing in an empty cache', async () => {
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', out('cold'), '--offline']
    const error = await temperError(args, { env: { TEMPER_CACHE_DIR: join(folder, 'cache-cold') } })
    expect(error).toMatchObject({ code: 'offline', exitCode: 3 })
    expect(existsSync(out('cold'))).toBe(false)
  })
})

describe('times', () => {
  const created = (layout: string): string => {
    const [entry] = layoutOf(layout).manifests
    const manifest = readBlob(layout, entry?.digest ?? '')
    return readBlob(layout, manifest.config.digest).created
  }
  const build = async (name: string, epoch: string | undefined) => {
    const args = ['build', 'static', '--lock', await catalogLock('static'), '-o', out(name)]
    return await temperJson<BuildResult>(args, { env: { SOURCE_DATE_EPOCH: epoch } })
  }

  it('come from the packages', async () => {
    const { layout } = await catalogImage('static')
    const lock: Lock = JSON.parse(readFileSync(await catalogLock('static'), 'utf8'))
    const newest =
      lock.suites
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? ''
    expect(created(layout) <= newest).toBe(true)
  })

  it('are those of SOURCE_DATE_EPOCH when it is set', async () => {
    const { result } = await catalogImage('static')
    const first = await build('epoch', '1700000000')
    const second = await build('epoch-again', '1700000000')
    expect(second.digest).toBe(first.digest)
    expect(first.digest).not.toBe(result.digest)
    expect(created(out('epoch'))).toBe('2023-11-14T22:13:20Z')
    const listing = layoutOf(out('epoch'))
      .manifests.slice(0, 1)
      .flatMap(({ digest: root }) =>
        readBlob(out('epoch'), root).layers.map((layer) =>
          execFileSync(
            'tar',
            ['-tvz', '--full-time', '--utc', '-f', join(out('epoch'), 'blobs/sha256', layer.digest.slice(7))],
            {
              encoding: 'utf8',
            },
          ),
        ),
      )
    const times = [...listing.join('').matchAll(/ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /g)].map(
      ([, time]) => time,
    )
    expect(times.length).toBeGreaterThan(100)
    expect(times.every((time) => (time ?? '') <= '2023-11-14 22:13:20')).toBe(true)
  })

  it('are refused when they are no number', async () => {
    const error = await temperError(['build', 'static', '-o', out('bad-epoch')], {
      env: { SOURCE_DATE_EPOCH: 'yesterday' },
    })
    expect(error).toMatchObject({ code: 'bad-configuration', exitCode: 2 })
  })
})

function works(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
