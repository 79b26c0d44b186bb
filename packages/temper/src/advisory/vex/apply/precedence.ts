import type { VexDocument, VexStatement } from '../../../model/advisory/vex.ts'
import { statuses } from '../format/words.ts'

/** A statement that is about a finding. */
export interface StatementCandidate {
  readonly statement: VexStatement
  readonly document: VexDocument
  /** Position of the document; documents are in order of precedence. */
  readonly rank: number
  /** Position in the document. */
  readonly position: number
  /** How precisely it names the component: 0 not at all, 1 the image, 2 the package, 3 its version. */
  readonly precision: 0 | 1 | 2 | 3
}

export interface Choice {
  readonly chosen: StatementCandidate | undefined
  /** Statements that expired before `now`. */
  readonly expired: readonly StatementCandidate[]
  /** Statements of other documents that contradict the chosen one. */
  readonly contradicted: readonly StatementCandidate[]
}

/**
 * The statement that counts, by these criteria in order: the first document; the latest time, its own or else its
 * document's; the most precise name of the component; the most cautious status (affected, then under investigation,
 * fixed, not affected); the first position. `now` is RFC 3339 in UTC with milliseconds, as readers write times.
 */
export function chooseStatement(candidates: readonly StatementCandidate[], now: string): Choice {
  const hasEnded = ({ statement: { expires } }: StatementCandidate) => expires !== undefined && expires <= now
  const expired = candidates.filter(hasEnded)
  const valid = candidates.filter((each) => !hasEnded(each)).sort(byPrecedence)
  const [chosen] = valid
  const contradicted = valid.filter(
    ({ statement, rank }) => rank !== chosen?.rank && statement.status !== chosen?.statement.status,
  )
  return { chosen, expired, contradicted }
}

function byPrecedence(a: StatementCandidate, b: StatementCandidate): number {
  return (
    a.rank - b.rank ||
    compare(timeOf(b), timeOf(a)) ||
    b.precision - a.precision ||
    statuses.indexOf(a.statement.status) - statuses.indexOf(b.statement.status) ||
    a.position - b.position
  )
}

/** A statement without a time is older than any with one. */
function timeOf({ statement, document }: StatementCandidate): string {
  return statement.timestamp ?? document.timestamp ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
