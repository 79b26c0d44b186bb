import type { Finding, SuppressedFinding } from '../../../model/advisory/finding.ts'
import type { UnusedRule } from '../../../model/advisory/unused-rule.ts'
import type { VexDocument, VexStatement } from '../../../model/advisory/vex.ts'
import type { InventoryNote } from '../../../model/inventory.ts'
import { type MatchedInventory, Matcher } from './matcher.ts'
import { chooseStatement, type StatementCandidate } from './precedence.ts'
import { namesAnything, unusedStatements } from './unused.ts'

export interface ApplyVexOptions {
  /**
   * Names of what was scanned: digests of the image's manifest, index and configuration, references, package URLs
   * (see `ImageProduct`). Empty for a folder.
   */
  readonly product: readonly string[]
  /** The time by which statements that have expired no longer count. */
  readonly now: Date
  /** What is in the target; absent: the components of the findings. */
  readonly inventory?: MatchedInventory
  /**
   * Documents that came with the target. They state much that no finding needs, so unused statements are reported
   * only when nothing in a document is about the target.
   */
  readonly attached?: readonly VexDocument[]
}

export interface AppliedVex {
  /** Findings that count, in order; status and reason come from the statement about them, if any. */
  readonly findings: readonly Finding[]
  /** Findings that a statement says are fixed or do not affect the product. */
  readonly suppressed: readonly SuppressedFinding[]
  /** Statements that are about no finding. */
  readonly unused: readonly UnusedRule[]
  readonly notes: readonly InventoryNote[]
}

/** Most notes of one kind. */
const notesLimit = 100

/**
 * Applies statements to findings. One statement about each finding counts: the latest in the first document that has
 * any; see `chooseStatement`. "fixed" and "not_affected" suppress the finding, the others are shown with it.
 */
export function applyVex(
  findings: readonly Finding[],
  documents: readonly VexDocument[],
  options: ApplyVexOptions,
): AppliedVex {
  const { product, inventory = { components: findings.map(({ component }) => component) } } = options
  const index = new StatementIndex(documents)
  const matcher = new Matcher(product, inventory)
  const time = options.now.toISOString()
  const kept: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  const used = new Set<VexStatement>()
  const notes = new Map<string, InventoryNote>()
  for (const finding of findings) {
    const about = index.about(finding).flatMap((candidate): StatementCandidate[] => {
      const precision = matcher.precision(candidate.statement, finding)
      return precision === undefined ? [] : [{ ...candidate, precision }]
    })
    for (const { statement } of about) used.add(statement)
    const { chosen, expired, contradicted } = chooseStatement(about, time)
    for (const each of expired) note(notes, 'vex-expired', expiredMessage(each))
    for (const each of contradicted)
      if (chosen !== undefined) note(notes, 'vex-contradiction', contradictionMessage(finding, chosen, each))
    if (chosen === undefined) kept.push(finding)
    else if (isSilent(chosen)) suppressed.push(suppressedBy(finding, chosen))
    else kept.push(withStatement(finding, chosen))
  }
  const unused = unusedOf(documents, { used, matcher, attached: options.attached ?? [] })
  return { findings: kept, suppressed, unused, notes: [...notes.values()] }
}

function isSilent({ statement: { status } }: StatementCandidate): boolean {
  return status === 'fixed' || status === 'not_affected'
}

function suppressedBy(finding: Finding, chosen: StatementCandidate): SuppressedFinding {
  const { expires } = chosen.statement
  return {
    ...withStatement(finding, chosen),
    suppressedBy: {
      kind: 'vex',
      source: whoSaysSo(chosen.document),
      ...(expires === undefined ? {} : { expires }),
    },
  }
}

function unusedOf(
  documents: readonly VexDocument[],
  {
    used,
    matcher,
    attached,
  }: {
    readonly used: ReadonlySet<VexStatement>
    readonly matcher: Matcher
    readonly attached: readonly VexDocument[]
  },
): readonly UnusedRule[] {
  const named = documents.filter((each) => !attached.includes(each))
  const foreign = attached.filter((each) => each.statements.length > 0 && !namesAnything(each, matcher))
  const why = 'none of its products is in it'
  return [
    ...unusedStatements(named, used, matcher),
    ...foreign.map(({ origin }): UnusedRule => ({ kind: 'vex', source: origin, reason: 'product', why })),
  ]
}

type StatementEntry = Omit<StatementCandidate, 'precision'>

/** Statements by the ids of what they are about. */
class StatementIndex {
  readonly #byId = new Map<string, StatementEntry[]>()

  constructor(documents: readonly VexDocument[]) {
    for (const [rank, document] of documents.entries()) {
      for (const [position, statement] of document.statements.entries()) {
        const entry = { rank, position, document, statement }
        for (const id of new Set([statement.vulnerability, ...statement.aliases].map(folded))) {
          const known = this.#byId.get(id)
          if (known === undefined) this.#byId.set(id, [entry])
          else known.push(entry)
        }
      }
    }
  }

  /** Statements that share any name with the finding. */
  about({ id, aliases }: Finding): readonly StatementEntry[] {
    const entries = new Set<StatementEntry>()
    for (const name of [id, ...aliases])
      for (const each of this.#byId.get(folded(name)) ?? []) entries.add(each)
    return [...entries]
  }
}

function folded(id: string): string {
  return id.toUpperCase()
}

function withStatement(finding: Finding, { statement, document }: StatementEntry): Finding {
  const { status, justification } = statement
  const words = [status.replaceAll('_', ' '), ...(justification === undefined ? [] : [justification])].join(
    ', ',
  )
  const said = statement.statement === undefined ? '' : `: ${statement.statement}`
  return {
    ...finding,
    status,
    ...(justification === undefined ? {} : { justification }),
    reason: `${finding.reason}; ${words} according to ${whoSaysSo(document)}${said}`,
  }
}

/** "Jane Doe, vex.json". */
function whoSaysSo({ author, origin }: VexDocument): string {
  return author === undefined ? origin : `${author}, ${origin}`
}

function note(notes: Map<string, InventoryNote>, code: string, message: string): void {
  if (notes.size < notesLimit) notes.set(message, { code, message })
}

function expiredMessage({ statement, document }: StatementEntry): string {
  const { vulnerability, status, expires } = statement
  return `${whoSaysSo(document)}: the statement that ${vulnerability} is ${status} expired at ${expires} and no longer counts`
}

function contradictionMessage({ component }: Finding, chosen: StatementEntry, other: StatementEntry): string {
  const { vulnerability, status } = chosen.statement
  return (
    `${vulnerability} in ${component.name} is ${status} according to ${whoSaysSo(chosen.document)}, which counts, ` +
    `and ${other.statement.status} according to ${whoSaysSo(other.document)}`
  )
}
