import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
