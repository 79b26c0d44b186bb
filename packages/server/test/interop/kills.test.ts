import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { ArchiveFolder } from '../factory/archive.ts'
import { type ListedBuild, type ListedImage, Service } from '../factory/service.ts'
import { Cluster } from './cluster.ts'
import { Worker } from './worker.ts'

/* The server, its database and its worker are killed at moments that nobody chose, while builds run. */

const pgctl = await tryDebianTool('pg_ctlcluster')
const rounds = Number(process.env['TEMPER_FACTORY_KILLS'])
/** Milliseconds after an order within which something is killed. */
const within = 8000

const victims = ['server', 'database', 'worker'] as const

describe.skipIf(pgctl === undefined || process.getuid?.() !== 0)('a factory that is killed', () => {
  let cluster: Cluster
  let service: Service
  let archive: ArchiveFolder
  let worker: Worker
  let started = performance.now()
  const ordered: string[] = []

  const args = () => ['--database', cluster.url, '--build-on', 'workers']

  beforeAll(async () => {
    cluster = new Cluster(await mkdtemp(join(tmpdir(), 'temper-postgresql-')))
    await cluster.start()
    service = await Service.inFolder()
    archive = await ArchiveFolder.make(service.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
    await service.start(...args())
    worker = await Worker.make(service)
    worker.start(service.url)
  })
  afterAll(async () => {
    worker.kill()
    await service.remove()
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  it(
    `loses no build and no tag, ${rounds} times`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        const victim = victims[round % victims.length] ?? 'server'
        // Now and then it is stopped as it should be.
        if (performance.now() - started > 90_000) await startAgain('SIGTERM')
        const { build } = await service.post<{ build: string }>('/api/recipes', {
          name: 'shop',
          files: archive.files,
          recipe: archive.recipe('shop', ['gadget'], `environment: {ROUND: "${round}"}\n`),
        })
        ordered.push(build)
        const after = Math.floor(Math.random() * within)
        await delay(after)
        await kill(victim)
        const told = `round ${round}, ${victim} after ${after} ms`
        await expectWhole(told)
        const ended = await endOf(build)
        expect([told, ended.state, ended.error]).toEqual([told, 'published', null])
        await expectWhole(told)
        expect([told, await service.digestOf('shop', '1')]).toEqual([told, ended.digest])
      }
      const builds = await service.get<readonly ListedBuild[]>('/api/builds?image=shop&limit=1000')
      expect(builds.map(({ id }) => id).sort()).toEqual([...ordered].sort())
      const events =
        await service.get<readonly { readonly kind: string; readonly digest: string }[]>(
          '/api/events?limit=1000',
        )
      const told = events.filter(({ kind }) => kind === 'published').map(({ digest }) => digest)
      expect(told.sort()).toEqual(builds.map(({ digest }) => digest).sort())
    },
    rounds * 700_000,
  )

  async function kill(victim: (typeof victims)[number]): Promise<void> {
    if (victim === 'database') return await cluster.crash()
    if (victim === 'server') return await startAgain('SIGKILL')
    worker.kill()
    worker.start(service.url)
  }

  /** The worker knows it by its address, which is another one then. */
  async function startAgain(signal: NodeJS.Signals): Promise<void> {
    await service.stop(signal)
    await service.start(...args())
    started = performance.now()
    worker.kill()
    worker.start(service.url)
  }

  /** Who was killed is missed after half a minute, and a build is tried again later each time. */
  async function endOf(id: string): Promise<ListedBuild> {
    const look = async () => {
      const build = await service.get<ListedBuild>(`/api/builds/${id}`)
      return ['waiting', 'running'].includes(build.state) ? undefined : build
    }
    return await service.until(look, `build ${id}`, 600)
  }

  /** Each tag is on an image that is there with all that it names, and that a build brought through the gate. */
  async function expectWhole(told: string): Promise<void> {
    const builds = await service.get<readonly ListedBuild[]>('/api/builds?image=shop')
    const gated = new Set(
      builds
        .filter(({ steps }) => steps.some(({ name, state }) => name === 'gate' && state === 'done'))
        .map(({ steps }) => steps.find(({ name }) => name === 'build')?.note),
    )
    const list = await service.ask('/v2/shop/tags/list')
    if (list.status === 404) return
    const { tags } = (await list.json()) as { readonly tags: readonly string[] }
    for (const tag of tags) {
      const digest = await wholeImage(tag)
      // A build that runs again has its steps before it: then what it published the first time is known by its lists alone.
      const runs = builds.some(({ state }) => state === 'waiting' || state === 'running')
      expect([told, tag, runs || gated.has(digest)]).toEqual([told, tag, true])
    }
    const images = await service.get<readonly ListedImage[]>('/api/images')
    for (const { tags: known } of images)
      for (const { digest } of known) expect([told, await wholeImage(digest)]).toEqual([told, digest])
  }

  async function wholeImage(reference: string): Promise<string> {
    const answer = await service.ask(`/v2/shop/manifests/${reference}`, {
      headers: { Accept: '*/*' },
    })
    expect([reference, answer.status]).toEqual([reference, 200])
    const {
      config,
      layers = [],
      manifests = [],
    } = (await answer.json()) as {
      readonly config?: { readonly digest: string }
      readonly layers?: readonly { readonly digest: string }[]
      readonly manifests?: readonly { readonly digest: string }[]
    }
    for (const { digest } of manifests) await wholeImage(digest)
    for (const { digest } of config === undefined ? layers : [config, ...layers])
      expect([digest, (await service.ask(`/v2/shop/blobs/${digest}`, { method: 'HEAD' })).status]).toEqual([
        digest,
        200,
      ])
    return answer.headers.get('docker-content-digest') ?? ''
  }
})
