import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { EmbeddedSession, Turn } from './session.ts'

/** Kysely's PostgreSQL over the embedded session: a connection is a turn. */
export function embeddedDialect(session: EmbeddedSession): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => new EmbeddedDriver(session),
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly turn: Turn

  constructor(turn: Turn) {
    this.turn = turn
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const [result] = await this.turn.ask(sql, parameters)
    if (result === undefined) return { rows: [] }
    const { rows, affectedRows } = result
    return {
      rows: rows as R[],
      ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }),
    }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a stream, and there is none
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the embedded database does not stream')
  }
}

class EmbeddedDriver implements Driver {
  readonly #session: EmbeddedSession

  constructor(session: EmbeddedSession) {
    this.#session = session
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<EmbeddedConnection> {
    return new EmbeddedConnection(await this.#session.turn())
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'begin')
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'commit')
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'rollback')
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    turnOf(connection).done()
  }

  async destroy(): Promise<void> {}
}

async function run(connection: DatabaseConnection, text: string): Promise<void> {
  await turnOf(connection).ask(text)
}

function turnOf(connection: DatabaseConnection): Turn {
  if (connection instanceof EmbeddedConnection) return connection.turn
  throw new Error('not a connection of this driver')
}
