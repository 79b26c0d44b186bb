import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { temperJson } from '../../../temper/test/support/temper-cli.ts'
import { ArchiveFolder, advisoryOf } from '../factory/archive.ts'
import { type ListedBuild, Service } from '../factory/service.ts'
import { Cluster } from './cluster.ts'
import { Worker } from './worker.ts'

/* Two servers with folders of their own on one PostgreSQL, with one registry and one key: whoever is asked, and whoever does the work. */

const pgctl = await tryDebianTool('pg_ctlcluster')

/** Milliseconds that servers are there at most: as long as all of the tests. */
const lifetime = 1_500_000
/** Seconds that builds may take on a machine that has much to do. */
const patience = 400
/** Seconds between looks at archives. */
const archivesEvery = 4

describe.skipIf(pgctl === undefined || process.getuid?.() !== 0)('two servers on one database', () => {
  let cluster: Cluster
  let registry: Service
  let [first, second] = [] as unknown as [Service, Service]
  let archive: ArchiveFolder
  let worker: Worker | undefined

  beforeAll(async () => {
    cluster = new Cluster(ownFolder('postgresql'))
    await cluster.start()
    registry = await Service.inFolder()
    registry.lifetime = lifetime
    await registry.start('--no-factory')
    const docker = registry.path('docker')
    await mkdir(docker)
    const auth = Buffer.from(`me:${registry.token}`).toString('base64')
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }))
    const keys = join(cluster.folder, 'keys')
    await mkdir(keys)
    for (const name of ['shared', 'other'])
      await temperJson(['keys', 'generate', '--output', join(keys, name)], { env: { COSIGN_PASSWORD: '' } })
    const env = {
      DOCKER_CONFIG: docker,
      TEMPER_SERVICE__FACTORY__KEY_FILE: join(keys, 'shared.key'),
      TEMPER_SERVICE__FACTORY__ARCHIVES_EVERY: String(archivesEvery),
    }
    first = await Service.inFolder()
    second = await Service.inFolder()
    for (const each of [first, second]) {
      each.env = env
      each.lifetime = lifetime
    }
    archive = await ArchiveFolder.make(registry.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
  })
  afterAll(async () => {
    worker?.kill()
    for (const each of [first, second, registry]) await each?.remove()
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  const start = async (service: Service, ...more: readonly string[]) => {
    const feeds = ['--feeds', first.path('feeds')]
    await service.start('--database', cluster.url, '--registry', `http://${registry.host}`, ...feeds, ...more)
    // The first one that started said it.
    service.token ||= first.token
  }
  const startBoth = (...more: readonly string[]) =>
    Promise.all([first, second].map((each) => start(each, ...more)))
  const order = async (at: Service, name: string, more = '') => {
    const { build } = await at.post<{ build: string }>('/api/recipes', {
      name,
      recipe: archive.recipe(name, ['gadget'], more),
      files: archive.files,
    })
    return build
  }

  it('do not start with another key than the first one, or none', async () => {
    await start(first)
    const { id } = await first.get<{ id: string }>('/api/key')
    const { env } = second
    const { TEMPER_SERVICE__FACTORY__KEY_FILE: file = '', ...none } = env
    second.env = { ...env, TEMPER_SERVICE__FACTORY__KEY_FILE: file.replace('shared', 'other') }
    await expect(start(second)).rejects.toThrow(
      new RegExp(
        `signs with another key.*expected ${id}, found sha256:[0-9a-f]{64}.*factory\\.key-file`,
        's',
      ),
    )
    second.env = none
    await expect(start(second)).rejects.toThrow(
      new RegExp(`has no signing key: expected ${id}.*factory\\.key-file`, 's'),
    )
    // None was made in its place.
    expect(await readdir(second.path('data/keys'))).not.toContain('factory.key')
    second.env = env
    const rotated = await first.ask('/api/key/rotate', { method: 'POST' })
    expect([rotated.status, await rotated.text()]).toEqual([
      409,
      expect.stringContaining('earlier-key-files'),
    ])
    await start(second)
    expect(await second.get('/api/key')).toEqual(await first.get('/api/key'))
  })

  it('know the same tokens, as soon as they are made and until they are revoked', async () => {
    const grants = [{ project: '*', role: 'reader' }]
    const made = await first.post<{ id: string; token: string }>('/api/tokens', { name: 'reader', grants })
    const asked = () =>
      fetch(`${second.url}/api/images`, { headers: { Authorization: `Bearer ${made.token}` } })
    expect((await asked()).status).toBe(200)
    expect((await first.ask(`/api/tokens/${made.id}`, { method: 'DELETE' })).status).toBe(204)
    await second.until(async () => ((await asked()).status === 401 ? true : undefined), 'the end', 3)
  })

  it('build what either is asked for, and both serve it', async () => {
    const builds = await Promise.all([order(first, 'shop'), order(second, 'stall'), order(first, 'booth')])
    for (const build of builds) {
      const built = await second.built(build)
      expect([built.error, built.state]).toEqual([null, 'published'])
      expect(await first.get(`/api/builds/${build}`)).toEqual(built)
      for (const each of [first, second]) expect(await each.digestOf(built.image, '1')).toBe(built.digest)
      expect(
        (await registry.ask(`/v2/${built.image}/manifests/1`)).headers.get('docker-content-digest'),
      ).toBe(built.digest)
    }
    // What one was sent the other changes.
    const again = await first.built(await order(second, 'shop', 'environment: {COLOUR: red}\n'))
    expect([again.error, again.reason]).toEqual([null, 'rebuilt because its recipe has changed'])
  })

  it('repair an image once', async () => {
    const before = await first.digestOf('shop', '1')
    await archive.offer({ gadget: '1.0-2' })
    await first.feed('a.json', advisoryOf('CVE-2026-1000', 'gadget', '1.0-2'))
    for (const each of [first, second])
      await each.until(
        async () => ((await each.digestOf('shop', '1')) === before ? undefined : true),
        'the repair',
      )
    const ended = async () => {
      const all = await second.get<readonly ListedBuild[]>('/api/builds')
      return all.some(({ state }) => state === 'waiting' || state === 'running') ? undefined : all
    }
    await second.until(ended, 'all repairs', patience)
    // What a second look would order comes within that.
    await delay(2 * archivesEvery * 1000)
    const builds = await second.until(ended, 'all repairs', patience)
    const repairs = builds.filter(({ reason }) => reason.includes('CVE-2026-1000'))
    expect(repairs.map(({ image, state }) => `${image} ${state}`).sort()).toEqual([
      ...['booth published', 'shop published', 'stall published'],
    ])
    expect(await first.get('/api/sla')).toEqual([])
  })

  it('look at archives as often as one', async () => {
    const client = new pg.Client({ connectionString: cluster.url })
    await client.connect()
    const looks = async () => {
      const { rows } = await client.query<{ count: string }>(
        "select count(*) from jobs.job where name = 'watch'",
      )
      return Number(rows[0]?.count)
    }
    const before = await looks()
    await delay(4 * archivesEvery * 1000)
    const seen = (await looks()) - before
    await client.end()
    expect(seen).toBeGreaterThanOrEqual(2)
    expect(seen).toBeLessThanOrEqual(5)
  })

  it('give to each other what one is killed in the middle of', async () => {
    const build = await order(first, 'shop', 'environment: {COLOUR: blue}\n')
    const builds = async (service: Service) =>
      (await readdir(service.path('data/work')).catch(() => [])).some((name) => name.startsWith(build))
    const builder = await first.until(async () => {
      for (const each of [first, second]) if (await builds(each)) return each
      return undefined
    }, 'a builder')
    const other = builder === first ? second : first
    await builder.stop('SIGKILL')
    const built = await other.until(
      async () => {
        const now = await other.get<ListedBuild>(`/api/builds/${build}`)
        return ['waiting', 'running'].includes(now.state) ? undefined : now
      },
      'the other one to build it',
      patience,
    )
    expect([built.error, built.state]).toEqual([null, 'published'])
    expect(await other.digestOf('shop', '1')).toBe(built.digest)
    const events =
      await other.get<readonly { readonly kind: string; readonly digest: string }[]>('/api/events')
    expect(events.filter(({ kind, digest }) => kind === 'published' && digest === built.digest)).toHaveLength(
      1,
    )
    await other.stop()
  })

  it('have workers of one build what the other was asked for, whose log can be followed there', async () => {
    await startBoth('--build-on', 'workers')
    worker = await Worker.make(second)
    worker.start(second.url)
    const build = await order(first, 'shop', 'environment: {COLOUR: green}\n')
    const log = await first.ask(`/api/builds/${build}/log`)
    const told: string[] = []
    for await (const chunk of log.body ?? []) told.push(Buffer.from(chunk).toString())
    const text = told.join('')
    expect(text).toContain('== publish')
    expect(text).toMatch(/event: end\ndata: {"state":"published"}/)
    // It came while the build ran.
    expect(told.length).toBeGreaterThan(3)
    const built = await first.built(build)
    expect([built.error, await first.digestOf('shop', '1')]).toEqual([null, built.digest])
    expect(await second.get('/api/workers')).toMatchObject([{ name: 'worker/worker' }])
    expect(await first.get('/api/workers')).toEqual([])
  })
})
