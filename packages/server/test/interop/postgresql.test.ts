import { mkdtemp, rm } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { openDatabase } from '../../src/database/open.ts'
import { agreeOnKey, demandKey } from '../../src/factory/key-agreement.ts'
import { signingKey } from '../../src/factory/signing.ts'
import { ArchiveFolder, advisoryOf } from '../factory/archive.ts'
import { type ListedBuild, Service } from '../factory/service.ts'
import { Cluster } from './cluster.ts'

/* The same factory over a PostgreSQL server: what the embedded one does is no special case. */

const pgctl = await tryDebianTool('pg_ctlcluster')

describe.skipIf(pgctl === undefined || process.getuid?.() !== 0)('a factory over a PostgreSQL server', () => {
  let cluster: Cluster
  let service: Service
  let archive: ArchiveFolder

  beforeAll(async () => {
    cluster = new Cluster(ownFolder('postgresql'))
    await cluster.start()
    service = await Service.inFolder()
    archive = await ArchiveFolder.make(service.path('mirror'))
    await archive.offer({ gadget: '1.0-1' })
  })
  afterAll(async () => {
    await service.remove()
    await cluster.stop()
    await rm(cluster.folder, { recursive: true, force: true })
  })

  it('lets one of two servers sign that begin at once with different keys', async () => {
    const database = await openDatabase({ url: cluster.url })
    const now = () => new Date()
    const keys = await Promise.all(
      ['one', 'other'].map(async (name) => {
        const data = await mkdtemp(service.path(name))
        return demandKey(await signingKey(data, { mayMake: true }, sampleContext(data)), undefined)
      }),
    )
    try {
      for (let round = 0; round < 5; round++) {
        const agreements = keys.map((signing) => agreeOnKey({ db: database.db, signing, now }))
        const outcomes = await Promise.allSettled(agreements)
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
        await database.db.deleteFrom('signers').execute()
      }
    } finally {
      await database.close()
    }
  })

  it('outlives its database, which ends in the middle of a transaction and of a query', async () => {
    const database = await openDatabase({ url: cluster.url })
    try {
      const { db } = database
      const slow = sql`select pg_sleep(60)`.execute(db)
      const between = db.transaction().execute(async (tx) => {
        await sql`select 1`.execute(tx)
        await cluster.crash()
        await sql`select 1`.execute(tx)
      })
      await expect(slow).rejects.toThrow()
      await expect(between).rejects.toThrow()
      expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
    } finally {
      await database.close()
    }
  })

  it('builds, and rebuilds what an archive can repair', async () => {
    await service.start('--database', cluster.url)
    const { build } = await service.post<{ build: string }>('/api/recipes', {
      name: 'shop',
      recipe: archive.recipe('shop', ['gadget']),
      files: archive.files,
    })
    const first = await service.built(build)
    expect(first).toMatchObject({ error: null, state: 'published' })
    await archive.offer({ gadget: '1.0-2' })
    await service.feed('a.json', advisoryOf('CVE-2026-1000', 'gadget', '1.0-2'))
    await service.until(async () => {
      const now = await service.digestOf('shop', '1')
      return now === first.digest ? undefined : now
    }, 'the tag to move')
    const [second] = await service.get<readonly ListedBuild[]>('/api/builds')
    expect(await service.built(second?.id ?? '')).toMatchObject({
      reason: 'rebuilt because gadget 1.0-2 fixes CVE-2026-1000, high',
    })
    expect(await service.get('/api/metrics')).toMatchObject({
      builds: { published: 2 },
      findings: { fixed: 1, open: 0 },
    })
  })

  it('loses nothing when it is killed', async () => {
    const before = await service.get<readonly ListedBuild[]>('/api/builds')
    await service.stop('SIGKILL')
    await service.start('--database', cluster.url)
    expect(await service.get('/api/builds')).toEqual(before)
    expect(await service.get('/api/sla')).toEqual([])
  })

  it('fills its database anew when it was killed in the middle of the first time, or of one by hand', async () => {
    const before = await service.get('/api/images')
    await service.stop()
    const url = await cluster.database('lost')
    await service.killWhileFilling('serve', '--port', '0', '--database', url)
    await service.start('--database', url)
    expect(await service.get('/api/images')).toEqual(before)
    await service.stop()
    await service.killWhileFilling('reindex', '--database', url)
    await service.start('--database', url)
    expect(await service.get('/api/images')).toEqual(before)
  })

  it('is not ready while the database is away, and goes on when it is back', async () => {
    const ready = async () => (await service.ask('/readyz')).status
    expect(await ready()).toBe(200)
    await cluster.stop()
    expect(await ready()).toBe(503)
    await cluster.start()
    await service.until(async () => ((await ready()) === 200 ? true : undefined), 'the service to be ready')
  })
})
