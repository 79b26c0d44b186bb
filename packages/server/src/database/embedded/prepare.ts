import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { getConstructionPlans } from 'pg-boss'
import { migrate } from '../migrate.ts'
import { jobsSchema, type Schema } from '../schema.ts'
import { embeddedDialect } from './dialect.ts'
import { packFolder } from './folder-image.ts'
import { EmbeddedSession } from './session.ts'

/**
 * A new database with all tables, as `unpackFolder` takes it: made when the program is built, since making tables takes
 * longer than all else of a first start.
 */
export async function prepareDatabase(): Promise<Buffer> {
  const parent = await mkdtemp(join(tmpdir(), 'temper-prepare-'))
  const folder = join(parent, 'postgres')
  try {
    const session = await EmbeddedSession.open(folder, { fresh: true })
    try {
      await migrate(new Kysely<Schema>({ dialect: embeddedDialect(session) }))
      const turn = await session.turn()
      await turn.ask(getConstructionPlans(jobsSchema, { backend: 'pglite' }))
      turn.done()
    } finally {
      await session.close()
    }
    return await packFolder(folder)
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}
