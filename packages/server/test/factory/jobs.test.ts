import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endLost } from '../../src/builds/lost.ts'
import { freshSteps } from '../../src/builds/records.ts'
import { type Database, openDatabase } from '../../src/database/open.ts'
import { Jobs } from '../../src/jobs/jobs.ts'

let folder: string
let database: Database

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-jobs-'))
  database = await openDatabase({ folder: join(folder, 'database') })
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

it('waits at a stop until jobs have returned that were told to', async () => {
  const jobs = await Jobs.start(database, pino({ level: 'silent' }))
  const begun = Promise.withResolvers<void>()
  let hasReturned = false
  await jobs.work('watch', async ({ signal }) => {
    begun.resolve()
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    // It still tidies up.
    await delay(300)
    hasReturned = true
  })
  await jobs.add('watch')
  await begun.promise
  await jobs.stop(1000)
  expect(hasReturned).toBe(true)
})

it('gives a sign of life often enough that several may be missed before its process is taken for dead', async () => {
  const jobs = await Jobs.start(database, pino({ level: 'silent' }))
  const [begun, enough] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await jobs.work('foreign', async () => {
    begun.resolve()
    await enough.promise
  })
  const id = await jobs.add('foreign')
  await begun.promise
  const lastSign = async () => {
    const { rows } = await sql<{ at: Date; missed: number }>`
      select heartbeat_on as at, heartbeat_seconds as missed from jobs.job where id = ${id}::uuid`.execute(
      database.db,
    )
    return { at: rows[0]?.at.getTime() ?? 0, missed: (rows[0]?.missed ?? 0) * 1000 }
  }
  try {
    const first = await lastSign()
    let next = first
    for (
      const end = performance.now() + first.missed / 2;
      next.at === first.at && performance.now() < end;
    ) {
      await delay(100)
      next = await lastSign()
    }
    expect(first.missed).toBe(30_000)
    // Two can get lost, and the third one still comes in time.
    expect(next.at).toBeGreaterThan(first.at)
    expect(next.at - first.at).toBeLessThan(first.missed / 3)
  } finally {
    enough.resolve()
    await jobs.stop(1000)
  }
})

it('ends builds of which each try ended with its process, and gives jobs to those that have none', async () => {
  const { db } = database
  const log = pino({ level: 'silent' })
  const jobs = await Jobs.start(database, log)
  const now = () => new Date()
  const world = { db, jobs, now, log, channels: [] }
  const buildOf = async (last: string, { age = 600_000, hasJob = true } = {}) => {
    const id = `00000000-0000-4000-8000-00000000000${last}`
    const created = new Date(Date.now() - age)
    await db
      .insertInto('builds')
      .values({
        id,
        image: `image${last}`,
        reason: 'because',
        trigger: 'recipe',
        state: 'running',
        lock: null,
        cancelled: false,
        digest: null,
        error: null,
        started: created,
        ended: null,
        steps: JSON.stringify(freshSteps()),
        created,
      })
      .execute()
    if (hasJob) await jobs.add('build', { build: id }, { id, group: `image${last}` })
    return id
  }
  const become = async (state: string, id: string) =>
    await sql`update jobs.job set state = ${state}::jobs.job_state where id = ${id}::uuid`.execute(db)
  const alive = await buildOf('1')
  const failed = await buildOf('2')
  await become('failed', failed)
  const interrupted = await buildOf('3', { hasJob: false })
  const fresh = await buildOf('4', { age: 1000, hasJob: false })
  // It waited for a worker: its first job has done what it had to, and the second one has not begun.
  const handedOn = await buildOf('5')
  await become('completed', handedOn)
  await jobs.add('build', { build: handedOn })
  for (let round = 0; round < 2; round++) await endLost(world)
  const states = await db.selectFrom('builds').select(['id', 'state', 'error']).orderBy('id').execute()
  const message = 'the process that built it ended each time that it was tried'
  expect(states.map(({ state, error }) => [state, error])).toEqual([
    ['running', null],
    ['failed', message],
    ['running', null],
    ['running', null],
    ['running', null],
  ])
  const waiting = await sql<{ build: string }>`
    select data ->> 'build' as build from jobs.job where name = 'build' and state = 'created' order by 1`.execute(
    db,
  )
  expect(waiting.rows.map(({ build }) => build)).toEqual([alive, interrupted, handedOn])
  expect(fresh).not.toBe(interrupted)
  const events = await db.selectFrom('events').select(['kind', 'image', 'text']).execute()
  expect(events).toEqual([{ kind: 'failed', image: 'image2', text: message }])
  await jobs.stop(1000)
})
