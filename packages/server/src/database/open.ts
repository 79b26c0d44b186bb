import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { ConstructorOptions } from 'pg-boss'
import { TemperError } from '../temper.ts'
import { embeddedDialect } from './embedded/dialect.ts'
import { embeddedJobs } from './embedded/jobs.ts'
import { EmbeddedSession } from './embedded/session.ts'
import { takeLock } from './lock.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'

/** A database that fits this program. */
export interface Database {
  readonly db: Kysely<Schema>
  /** How pg-boss reaches it. */
  readonly jobs: ConstructorOptions
  /** Whether this process is the only one that uses it. */
  readonly isEmbedded: boolean
  /** Whether it holds what the registry has: a new one does not, nor one that was being filled when a process ended. */
  readonly isFilled: boolean
  /** Lets the next process open it: until then they wait, so that one at a time upgrades it and fills it again. */
  started(): Promise<void>
  close(): Promise<void>
}

/** Connections of one process to a PostgreSQL server. */
const connections = 10
/** Number of the advisory lock that a process holds while it starts: "temper" in ASCII. */
const turnToStart = 0x74656d706572

/**
 * The address of a PostgreSQL server, and the folder that a server which uses it has for itself, or the folder of an embedded one. Folders
 * are created.
 */
export type DatabasePlace = { readonly url: string; readonly own?: string } | { readonly folder: string }

/**
 * Opens a database. Throws `bad-configuration` when it cannot be reached, is in use, or belongs to a newer version.
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  return await (await claimDatabase(place))()
}

/**
 * Makes sure that nobody else uses the folder, and returns what opens it, which takes longer. Throws
 * `bad-configuration` when another process has it.
 */
export async function claimDatabase(place: DatabasePlace): Promise<() => Promise<Database>> {
  const folder = 'url' in place ? place.own : place.folder
  const unlock = folder === undefined ? async () => undefined : await lockFolder(folder)
  return () => ('url' in place ? openServer(place.url, unlock) : openEmbedded(place.folder, unlock))
}

async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return await takeLock(join(folder, 'lock'))
}

async function openServer(url: string, unlock: () => Promise<void>): Promise<Database> {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  const pool = new pg.Pool({ connectionString: url, max: connections, types })
  // A connection that breaks while it is idle is replaced by the next that is needed.
  pool.on('error', () => undefined)
  // So is one that breaks while it is in use, of which the query tells: unheard, the error of the connection would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const turn = new pg.Client({ connectionString: url, keepAlive: true })
  turn.on('error', () => undefined)
  let filled: boolean
  try {
    await turn.connect()
    // Held by the connection: a process that ends meanwhile holds nobody up.
    await turn.query('select pg_advisory_lock($1)', [turnToStart])
    await migrate(db)
    filled = await isFilled(db)
  } catch (error) {
    await turn.end().catch(() => undefined)
    await db.destroy()
    await unlock()
    if (error instanceof TemperError) throw error
    throw new TemperError(
      'bad-configuration',
      `The database cannot be reached: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
  return {
    db,
    jobs: { connectionString: url, max: 4 },
    isEmbedded: false,
    isFilled: filled,
    started: () => turn.end(),
    close: async () => {
      await turn.end().catch(() => undefined)
      await db.destroy()
      await unlock()
    },
  }
}

async function isFilled(db: Kysely<Schema>): Promise<boolean> {
  const { done } = await db.selectFrom('filling').select('done').executeTakeFirstOrThrow()
  return done !== null
}

/**
 * The mark is written when the folder is whole. One without it is what a process left that ended while it made it, and is made
 * again: all of it can be had from the registry.
 */
async function openEmbedded(folder: string, unlock: () => Promise<void>): Promise<Database> {
  const [postgres, mark] = [join(folder, 'postgres'), join(folder, 'complete')]
  try {
    const fresh = !(await isThere(mark))
    if (fresh) await rm(postgres, { recursive: true, force: true })
    const session = await EmbeddedSession.open(postgres, { fresh })
    const db = new Kysely<Schema>({ dialect: embeddedDialect(session) })
    await migrate(db)
    if (fresh) await writeFile(mark, '')
    const close = async () => {
      await session.close()
      await unlock()
    }
    return {
      db,
      jobs: { db: embeddedJobs(session), backend: 'pglite' },
      isEmbedded: true,
      isFilled: await isFilled(db),
      started: async () => undefined,
      close,
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
