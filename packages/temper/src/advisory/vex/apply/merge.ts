import { canonicalJson } from '../../../base/json/canonical-json.ts'
import type { VexDocument, VexStatement } from '../../../model/advisory/vex.ts'
import { byVulnerability } from '../author/from-changelogs.ts'
import { writeOpenVex } from '../format/write.ts'
import { chooseStatement, type StatementCandidate } from './precedence.ts'

/**
 * Merges several documents of any format into one OpenVEX document. Of several statements about the same
 * vulnerability in the same product one stays, chosen as by `chooseStatement`: from the first document, then the
 * latest. Every statement keeps its own time and author. Expired statements stay, since they state their expiry.
 * Undefined without statements.
 */
export function mergeDocuments(documents: readonly VexDocument[]): string | undefined {
  const about = new Map<string, StatementCandidate[]>()
  for (const [rank, document] of documents.entries()) {
    for (const [position, statement] of document.statements.entries()) {
      for (const product of statement.products.length === 0 ? [undefined] : statement.products) {
        const alone = { ...statement, products: product === undefined ? [] : [product] }
        const candidate: StatementCandidate = { statement: alone, document, rank, position, precision: 0 }
        const key = canonicalJson([statement.vulnerability, product ?? null])
        const known = about.get(key)
        if (known === undefined) about.set(key, [candidate])
        else known.push(candidate)
      }
    }
  }
  const merged = new Map<string, VexStatement>()
  for (const candidates of about.values()) {
    // Without a clock nothing has ended.
    const { chosen } = chooseStatement(candidates, '')
    if (chosen === undefined) continue
    const statement = standingAlone(chosen)
    const { products, ...rest } = statement
    const key = canonicalJson([rest, products.length === 0])
    const known = merged.get(key)
    merged.set(
      key,
      known === undefined ? statement : { ...known, products: [...known.products, ...products] },
    )
  }
  if (merged.size === 0) return undefined
  const statements = [...merged.values()].sort(byVulnerability)
  const times = statements.flatMap(({ timestamp }) => timestamp ?? []).sort()
  const authors = [...new Set(documents.flatMap(({ author }) => author ?? []))]
  return writeOpenVex(
    { author: authors.join(', ') || 'unknown', timestamp: times.at(-1) ?? '1970-01-01T00:00:00Z' },
    statements,
    { indent: 2 },
  )
}

/** With what it had from its document. */
function standingAlone({ statement, document }: StatementCandidate): VexStatement {
  const timestamp = statement.timestamp ?? document.timestamp
  const says = statement.statement
  const author =
    document.author === undefined || says?.includes('Stated by ') ? undefined : `Stated by ${document.author}`
  const text = [says, author].filter((part) => part !== undefined).join('\n')
  return {
    ...statement,
    ...(text === '' ? {} : { statement: text }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}
