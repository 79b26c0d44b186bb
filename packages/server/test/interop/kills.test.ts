import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { stepNames } from '../../src/database/schema.ts'
import { ArchiveFolder } from '../factory/archive.ts'
import { type ListedBuild, type ListedImage, Service } from '../factory/service.ts'
import { Cluster } from './cluster.ts'
import { Worker } from './worker.ts'

/* The server, its database and a worker are killed at moments that nobody chose, while builds run. */

const pgctl = await tryDebianTool('pg_ctlcluster')
const rounds = Number(process.env['TEMPER_FACTORY_KILLS'])
/** Milliseconds after an order within which something is killed, and that a build has to reach a step at which it is to be killed. */
const [within, patience] = [8000, 30_000]
/**
 * What is built at the same time: whoever was killed is missed only after half a minute, and a build is tried again later each time.
 * Meanwhile others are built and hit.
 */
const images = Array.from({ length: 3 }, (_, index) => `shop${index}`)
/** Times that a build is hit at the most: it is tried three times. */
const bearable = 2

const victims = ['server', 'database', 'worker'] as const

interface Ordered {
  readonly image: string
  readonly id: string
  /** Whether it was seen running. */
  begun: boolean
  hits: number
}

describe.skipIf(pgctl === undefined || process.getuid?.() !== 0)('a factory that is killed', () => {
  let cluster: Cluster
  let service: Service
  let archive: ArchiveFolder
  let workers: readonly Worker[] = []
  /** Builds that have not ended yet, one of an image at the most. */
  const open = new Map<string, Ordered>()
  const ordered: Ordered[] = []
  /** Images of tags that no list of steps names yet, since their builds run again. */
  let early: { readonly told: string; readonly image: string; readonly digest: string }[] = []
  const hit = new Map<string, number>()

  const args = () => ['--database', cluster.url, '--build-on', 'workers']

  beforeAll(async () => {
    cluster = new Cluster(await mkdtemp(join(tmpdir(), 'temper-postgresql-')))
    await cluster.start()
    service = await Service.inFolder()
    service.lifetime = rounds * 700_000
    service.env = { TEMPER_SERVICE__FACTORY__BUILDS: String(images.length) }
    archive = await ArchiveFolder.make(service.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
    await service.start(...args())
    workers = [await Worker.make(service, 'one'), await Worker.make(service, 'two')]
    for (const worker of workers) worker.start(service.url)
  })
  afterAll(async () => {
    for (const worker of workers) worker.kill()
    // What it had to say, had it ended by itself.
    process.stdout.write((await service.stop('SIGKILL')).slice(-4000))
    await service.remove()
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  it(
    `loses no build and no tag, ${rounds} times`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        const victim = victims[round % victims.length] ?? 'server'
        await orderAll()
        await someTime()
        const running = await service.until(
          async () => {
            // All may have ended meanwhile.
            await settle(`round ${round}`)
            await orderAll()
            return await runningBuilds()
          },
          'a build that runs',
          600,
        )
        const told = `round ${round}, ${victim} in ${running.map(stepOf).join(', ')}`
        await kill(victim, round)
        if (victim !== 'worker') noteHits(running)
        for (const each of running) hit.set(stepOf(each), (hit.get(stepOf(each)) ?? 0) + 1)
        process.stdout.write(`${told}\n`)
        await expectWhole(told)
        await service.until(() => settle(told), 'builds to end', 900)
      }
      await service.until(
        async () => {
          await settle('the end')
          return open.size === 0 ? true : undefined
        },
        'all builds to end',
        900,
      )
      await expectWhole('the end')
      await expectEachOnce()
      process.stdout.write(
        `builds that were running, by step: ${[...hit].map(([step, times]) => `${step} ${times}`).join(', ')}\n`,
      )
    },
    rounds * 700_000,
  )

  /** Each image that is not being built is ordered, with something that it did not have before. */
  async function orderAll(): Promise<void> {
    for (const image of images.filter((each) => !open.has(each))) {
      const { build } = await service.post<{ build: string }>('/api/recipes', {
        name: image,
        files: archive.files,
        recipe: archive.recipe(image, ['gadget'], `environment: {ORDER: "${ordered.length}"}\n`),
      })
      const order = { image, id: build, begun: false, hits: 0 }
      ordered.push(order)
      open.set(image, order)
    }
  }

  /** So many milliseconds, or until a build has come to a step: on a busy machine all would be hit at their first one. */
  async function someTime(): Promise<void> {
    const step = Math.floor(Math.random() * 2 * stepNames.length)
    const end = performance.now() + patience
    while (step < stepNames.length && performance.now() < end) {
      const steps = (await runningBuilds())?.map((build) => build.steps[step]?.state) ?? []
      if (steps.some((state) => state === 'running' || state === 'done')) break
      await settle('on the way')
      if (open.size === 0) break
      await delay(100)
    }
    await delay(Math.floor(Math.random() * (step < stepNames.length ? 1000 : within)))
  }

  async function runningBuilds(): Promise<readonly ListedBuild[] | undefined> {
    const running = await service.get<readonly ListedBuild[]>('/api/builds?state=running')
    return running.length === 0 ? undefined : running
  }

  /** Those that ran are hit, and those that were taken from the queue a moment ago, which does not show yet. */
  function noteHits(running: readonly ListedBuild[]): void {
    for (const order of open.values()) {
      const runs = running.some(({ id }) => id === order.id)
      if (runs || !order.begun) order.hits++
      order.begun ||= runs
    }
  }

  /** Looks at what has ended; true when the next may be killed: an image is free, and no build was hit too often. */
  async function settle(told: string): Promise<true | undefined> {
    for (const { image, id } of [...open.values()]) {
      const build = await service.get<ListedBuild>(`/api/builds/${id}`)
      if (['waiting', 'running'].includes(build.state)) continue
      if (build.state !== 'published') process.stdout.write(await logOf(id))
      expect([told, image, build.state, build.error]).toEqual([told, image, 'published', null])
      expect([told, image, await service.digestOf(image, '1')]).toEqual([told, image, build.digest])
      for (const each of early.filter((tag) => tag.image === image))
        expect({ ...each, digest: build.digest }).toEqual(each)
      early = early.filter((tag) => tag.image !== image)
      open.delete(image)
    }
    const isWorn = [...open.values()].some(({ hits }) => hits >= bearable)
    return isWorn || open.size === images.length ? undefined : true
  }

  /** What a build told so far: each try begins with its reason. */
  async function logOf(id: string): Promise<string> {
    return await (await service.ask(`/api/builds/${id}/log`)).text()
  }

  /** Each build that was ordered is there, and was published once. */
  async function expectEachOnce(): Promise<void> {
    const builds: ListedBuild[] = []
    for (const image of images)
      builds.push(...(await service.get<readonly ListedBuild[]>(`/api/builds?image=${image}&limit=1000`)))
    expect(builds.map(({ id }) => id).sort()).toEqual(ordered.map(({ id }) => id).sort())
    const events =
      await service.get<readonly { readonly kind: string; readonly digest: string }[]>(
        '/api/events?limit=1000',
      )
    const published = events.filter(({ kind }) => kind === 'published').map(({ digest }) => digest)
    expect(events.length).toBeLessThan(1000)
    expect(published.sort()).toEqual(builds.map(({ digest }) => digest).sort())
  }

  async function kill(victim: (typeof victims)[number], round: number): Promise<void> {
    if (victim === 'database') return await cluster.crash()
    if (victim === 'worker') return workers[round % workers.length]?.again(service.url)
    // The workers know it by its address, which is another one then.
    await service.stop('SIGKILL')
    await service.start(...args())
    for (const worker of workers) worker.again(service.url)
  }

  /** Each tag is on an image that is there with all that it names, and that a build brought through the gate. */
  async function expectWhole(told: string): Promise<void> {
    for (const image of images) await expectWholeTags(told, image)
    for (const { name, tags } of await service.get<readonly ListedImage[]>('/api/images'))
      for (const { digest } of tags) expect([told, await wholeImage(name, digest)]).toEqual([told, digest])
  }

  async function expectWholeTags(told: string, image: string): Promise<void> {
    const builds = await service.get<readonly ListedBuild[]>(`/api/builds?image=${image}`)
    const gated = new Set(
      builds
        .filter(({ steps }) => steps.some(({ name, state }) => name === 'gate' && state === 'done'))
        .map(({ steps }) => steps.find(({ name }) => name === 'build')?.note),
    )
    const list = await service.ask(`/v2/${image}/tags/list`)
    if (list.status === 404) return
    const { tags } = (await list.json()) as { readonly tags: readonly string[] }
    for (const tag of tags) {
      const digest = await wholeImage(image, tag)
      // A build that runs again has its steps before it: what it published the first time has to be what it ends with.
      if (!gated.has(digest) && open.has(image)) early.push({ told, image, digest })
      else expect([told, image, tag, gated.has(digest)]).toEqual([told, image, tag, true])
    }
  }

  function stepOf({ steps }: ListedBuild): string {
    return steps.find(({ state }) => state === 'running')?.name ?? 'between steps'
  }

  async function wholeImage(image: string, reference: string): Promise<string> {
    const answer = await service.ask(`/v2/${image}/manifests/${reference}`, {
      headers: { Accept: '*/*' },
    })
    expect([image, reference, answer.status]).toEqual([image, reference, 200])
    const {
      config,
      layers = [],
      manifests = [],
    } = (await answer.json()) as {
      readonly config?: { readonly digest: string }
      readonly layers?: readonly { readonly digest: string }[]
      readonly manifests?: readonly { readonly digest: string }[]
    }
    for (const { digest } of manifests) await wholeImage(image, digest)
    for (const { digest } of config === undefined ? layers : [config, ...layers])
      expect([
        digest,
        (await service.ask(`/v2/${image}/blobs/${digest}`, { method: 'HEAD' })).status,
      ]).toEqual([digest, 200])
    return answer.headers.get('docker-content-digest') ?? ''
  }
})
