import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { ArchiveFolder } from '../factory/archive.ts'
import { type ListedBuild, Service } from '../factory/service.ts'
import { Cluster } from './cluster.ts'
import { commitBeforeNewestMigration, programOf } from './earlier-version.ts'

/* The version before the newest migration, with work in its hands, and then this one on the same database. */

const pgctl = await tryDebianTool('pg_ctlcluster')
const commit = await commitBeforeNewestMigration()
const names = ['one', 'two', 'three']

describe.skipIf(pgctl === undefined || commit === undefined || process.getuid?.() !== 0)('an upgrade', () => {
  let cluster: Cluster
  let service: Service
  let archive: ArchiveFolder
  let earlier: readonly string[]
  let ordered: readonly string[]

  beforeAll(async () => {
    cluster = new Cluster(ownFolder('postgresql'))
    await cluster.start()
    service = await Service.inFolder()
    service.lifetime = 900_000
    // One at a time, so that others wait.
    service.env = { TEMPER_SERVICE__FACTORY__BUILDS: '1' }
    archive = await ArchiveFolder.make(service.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
    earlier = await programOf(commit ?? '', service.path('earlier'))
  })
  afterAll(async () => {
    await service?.remove()
    await cluster?.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  const order = async (name: string, more = '') => {
    const { build } = await service.post<{ build: string }>('/api/recipes', {
      name,
      recipe: archive.recipe(name, ['gadget'], more),
      files: archive.files,
    })
    return build
  }
  const stateOf = async (id: string) => (await service.get<ListedBuild>(`/api/builds/${id}`)).state

  it('loses no build, and does none twice', async () => {
    service.program = earlier
    await service.start('--database', cluster.url)
    ordered = [await order('one'), await order('two'), await order('three')]
    const running = await service.until(async () => {
      const builds = await service.get<readonly ListedBuild[]>('/api/builds')
      return builds.find(({ steps }) =>
        steps.some(({ name, state }) => name === 'build' && state === 'running'),
      )
    }, 'a build to run')
    const waiting = (await service.get<readonly ListedBuild[]>('/api/builds')).filter(
      ({ id, state }) => id !== running.id && state === 'waiting',
    )
    expect(waiting.length).toBeGreaterThan(0)
    await service.stop()
    service.program = undefined
    await service.start('--database', cluster.url)
    for (const id of ordered) {
      const built = await service.built(id)
      expect([built.error, built.state]).toEqual([null, 'published'])
      expect(await service.digestOf(built.image, '1')).toBe(built.digest)
    }
    const builds = await service.get<readonly ListedBuild[]>('/api/builds')
    expect(builds.map(({ id }) => id).sort()).toEqual([...ordered].sort())
    const events =
      await service.get<readonly { readonly kind: string; readonly image: string }[]>('/api/events')
    expect(
      events
        .filter(({ kind }) => kind === 'published')
        .map(({ image }) => image)
        .sort(),
    ).toEqual([...names].sort())
  })

  it('leaves what was sent before as it was', async () => {
    const again = await service.post<{ build: string | null }>('/api/recipes', {
      name: 'one',
      recipe: archive.recipe('one', ['gadget']),
      files: archive.files,
    })
    expect(again.build).toBeNull()
  })

  it('that is behind a server makes it give back what it does, and say so', async () => {
    const build = await order('one', 'environment: {COLOUR: red}\n')
    await service.until(async () => ((await stateOf(build)) === 'running' ? true : undefined), 'the build')
    const client = new pg.Client({ connectionString: cluster.url })
    // The server may end before it.
    client.on('error', () => undefined)
    await client.connect()
    await client.query("insert into kysely_migration (name, timestamp) values ('9999-later', 'now')")
    const said = await service.until(async () => {
      const answer = await service.ask('/readyz')
      return answer.status === 503 ? ((await answer.json()) as object) : undefined
    }, 'the server to step aside')
    expect(said).toMatchObject({
      title: 'This server is of an earlier version than its database',
      detail: expect.stringContaining('9999-later'),
    })
    expect((await service.ask('/api/builds')).status).toBe(503)
    expect((await service.ask('/healthz')).status).toBe(200)
    // Who pulls needs no database.
    expect((await service.ask('/v2/one/manifests/1')).status).toBe(200)
    const givenBack = async () => {
      const { rows } = await client.query<{ idle: boolean }>(
        `select (select state from builds where id = $1) in ('waiting', 'published')
          and not exists (select from jobs.job where name = 'build' and state = 'active') as idle`,
        [build],
      )
      return rows[0]?.idle === true
    }
    for (let attempt = 0; attempt < 300 && !(await givenBack()); attempt++) await delay(200)
    expect(await givenBack()).toBe(true)
    await service.stop()
    // What does not know the database does not start on it.
    await expect(service.start('--database', cluster.url)).rejects.toThrow(/may belong to a newer version/)
    await client.query("delete from kysely_migration where name = '9999-later'")
    await client.end()
    await service.start('--database', cluster.url)
    expect(await service.built(build)).toMatchObject({ error: null, state: 'published' })
  })

  it('is not undone by the version before', async () => {
    await service.stop()
    service.program = earlier
    await expect(service.start('--database', cluster.url)).rejects.toThrow(/may belong to a newer version/)
  })
})
