import type { Db } from 'pg-boss'
import type { EmbeddedSession } from './session.ts'

/**
 * pg-boss over the embedded session. It expects that the failure of one statement does not affect the next: what a
 * failed statement left open is rolled back in the same turn.
 */
export function embeddedJobs(session: EmbeddedSession): Db {
  return {
    async executeSql(text, values) {
      const turn = await session.turn()
      try {
        const results = await turn.ask(text, values === undefined || values.length === 0 ? undefined : values)
        return { rows: results.flatMap(({ rows }) => rows) }
      } catch (error) {
        await turn.ask('rollback')
        throw error
      } finally {
        turn.done()
      }
    },
  }
}
