import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { VexDocument } from '../../model/advisory/vex.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'

/** Statements that people keep beside a recipe. */
export interface StatementFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly document: VexDocument
  /** Notes about unusable statements in it. */
  readonly notes: readonly InventoryNote[]
}

/** Where the statements of a recipe belong: web.yaml has web.openvex.json, as its lock is web.lock.json. */
export function statementPath({ lockFile }: Pick<RecipeTarget, 'lockFile'>): string {
  return `${lockFile.replace(/\.lock\.json$/, '')}.openvex.json`
}

/** Reads the file, if there is one. Throws `bad-vex` and `limit-exceeded`. */
export async function readStatementFile(path: string): Promise<StatementFile | undefined> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined) return undefined
  const { readVex } = await import('../../advisory/vex/format/read.ts')
  const { document, notes } = readVex(bytes, { origin: path })
  return { path, bytes, document, notes }
}

/** The same for a build, for which an unreadable statement is an error. */
export async function statementsOf(
  target: RecipeTarget,
  context: Pick<Context, 'now' | 'progress'>,
): Promise<StatementFile | undefined> {
  const statementFile = await readStatementFile(statementPath(target))
  const [first] = statementFile?.notes ?? []
  if (first === undefined) {
    for (const message of endedStatements(statementFile?.document, context.now()))
      context.progress.warn(message)
    return statementFile
  }
  throw new TemperError('bad-vex', first.message, {
    hint: 'Repair the file.',
    ...(statementFile === undefined
      ? {}
      : { next: { action: 'check-statements', file: statementFile.path } }),
  })
}

/** Sentences about expired statements, which stay in documents with their expiry but are ignored by Temper's scans. */
export function endedStatements(document: VexDocument | undefined, now: Date): readonly string[] {
  return (document?.statements ?? [])
    .filter(({ expires }) => expires !== undefined && Date.parse(expires) <= now.getTime())
    .map(
      ({ vulnerability, expires }) =>
        `${document?.origin}: the statement about ${vulnerability} expired at ${expires}: review it, or remove it`,
    )
}
