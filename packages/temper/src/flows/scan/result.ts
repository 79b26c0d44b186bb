import { supportOf } from '../../advisory/support/support.ts'
import type { AppliedVex } from '../../advisory/vex/apply/apply.ts'
import type { NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { temperVersion } from '../../base/version.ts'
import { type AdvisoryIndex, dayOfFeed } from '../../model/advisory/advisory.ts'
import type { ScanResult, SecretFinding } from '../../model/advisory/finding.ts'
import { type LedgerEntry, oldestDay } from '../../model/advisory/ledger.ts'
import type { Verdict } from '../../model/advisory/scan-report.ts'
import type { IgnoreRule } from '../../policy/ignore/rule.ts'
import type { Context } from '../context.ts'
import { openFeeds } from '../feeds/open.ts'
import type { OpenFeeds } from '../feeds/rebuildable.ts'
import type { TargetInventory } from '../inventory/inventory.ts'
import { guessedNotes } from './guessed.ts'
import { findingsOf, namedInventory, upgradesOf } from './match.ts'
import { dayNotes, emptyNotes, feedNotes, severityNotes } from './notes.ts'
import type { Statements, TargetStatements } from './vex.ts'

/** The inputs by which findings are judged. */
export interface ScanRules {
  /** Store of feeds, or a file that was exported from one; default: the store in the cache. */
  readonly feeds?: string
  /** A day, YYYY-MM-DD: scan as on that day. */
  readonly asOf?: string
  /** VEX documents; earlier ones take precedence. */
  readonly vex?: readonly NamedBytes[]
  /** Ignore rules; default: those of the context. */
  readonly ignore?: readonly IgnoreRule[]
  /** Rules of the gate; see docs/reference/gate.md. */
  readonly failOn?: string
}

/** The opened inputs, which all targets of one scan share. */
export interface Scanning {
  readonly context: Context
  readonly index: OpenFeeds
  /** The moment as of which ages are counted. */
  readonly now: Date
  readonly vex: Statements
  /** Whether there are ignore rules. */
  readonly ignores: boolean
  /** Suppresses what ignore rules name: findings, and secrets if they were searched for. */
  readonly sift: (result: ScanResult, secrets?: readonly SecretFinding[]) => Promise<ScanResult>
  readonly gate: (result: ScanResult) => Verdict | undefined
}

/**
 * Reads rules and opens feeds; close the index when done. Errors: `bad-usage` for invalid rules, `not-found` when
 * there are no advisories, and those of reading feeds, VEX documents and ignore rules.
 */
export async function openScanning(rules: ScanRules, context: Context): Promise<Scanning> {
  const now = momentOf(rules.asOf, context)
  const gate = await openGate(rules, now)
  const ignored = rules.ignore ?? (await context.ignoreRules?.()) ?? []
  const sift = await openSieve(ignored, now)
  const vex = await readDocuments(rules.vex ?? [])
  return {
    context,
    index: await openFeeds(context, rules),
    now,
    vex,
    ignores: ignored.length > 0,
    sift,
    gate,
  }
}

/** What is known of a target besides its inventory. */
export interface TargetFacts {
  /** Statements about this target alone; those that the person named take precedence. */
  readonly statements?: TargetStatements | undefined
  /** Absent when no secrets were searched for. */
  readonly secrets?: readonly SecretFinding[]
}

/** The result for a target from its inventory. */
export async function resultFor(
  inventoried: TargetInventory,
  scanning: Scanning,
  { statements, secrets }: TargetFacts = {},
): Promise<ScanResult> {
  const { index, now } = scanning
  const inventory = await namedInventory(inventoried.inventory, index)
  const matched = await findingsOf(inventory, index)
  const stated = await withVex(matched.findings, { scanning, statements, inventory })
  const { kind, name, digest, platform } = inventoried
  const { distribution } = inventory
  const support = distribution === undefined ? undefined : supportOf(distribution, now)
  const unsifted: ScanResult = {
    target: {
      name,
      kind,
      ...(digest === undefined ? {} : { digest }),
      ...(platform === undefined ? {} : { platform }),
      ...(distribution === undefined ? {} : { distribution }),
      inventoryFrom: inventoried.from,
    },
    layers: inventory.layers,
    packages: inventory.components.length,
    ledger: matched.ledger,
    findings: stated.findings,
    suppressed: [...matched.suppressed, ...stated.suppressed],
    secrets: secrets ?? [],
    suppressedSecrets: [],
    upgrades: [],
    unused: stated.unused,
    ...(support === undefined ? {} : { support }),
    notes: [
      ...inventory.notes,
      ...emptyNotes(inventoried),
      ...guessedNotes(inventory),
      ...matched.notes,
      ...stated.notes,
      ...dayNotes(index),
      ...feedNotes(index, matched.ledger),
      ...severityNotes(stated.findings),
    ],
    feeds: index.feeds,
    ...dayOf(index, matched.ledger),
    generator: { name: 'temper', version: temperVersion() },
  }
  return withUpgrades(await scanning.sift(unsifted, secrets))
}

/** The same result with the upgrades that remove its findings. */
export async function withUpgrades(result: ScanResult): Promise<ScanResult> {
  return { ...result, upgrades: await upgradesOf(result.findings) }
}

/** Loaded only when there is something to apply: most scans have neither files nor people whom they trust. */
async function withVex(
  findings: ScanResult['findings'],
  options: {
    readonly scanning: Scanning
    readonly statements: TargetStatements | undefined
    readonly inventory: TargetInventory['inventory']
  },
): Promise<AppliedVex> {
  const { vex, now } = options.scanning
  const { statements = { documents: [], names: [], notes: [] } } = options
  const documents = [...vex.documents, ...statements.documents]
  const notes = [...vex.notes, ...statements.notes]
  if (documents.length === 0) return { findings, suppressed: [], unused: [], notes }
  const { applyVex } = await import('../../advisory/vex/apply/apply.ts')
  const { names: product, documents: attached } = statements
  const applied = applyVex(findings, documents, { product, now, inventory: options.inventory, attached })
  return { ...applied, notes: [...notes, ...applied.notes] }
}

async function readDocuments(documents: readonly NamedBytes[]): Promise<Statements> {
  if (documents.length === 0) return { documents: [], notes: [] }
  const { readAnyVex } = await import('../vex/read.ts')
  const read = await Promise.all(documents.map(({ name, bytes }) => readAnyVex(bytes, { origin: name })))
  return { documents: read.map(({ document }) => document), notes: read.flatMap(({ notes }) => notes) }
}

async function openSieve(ignored: readonly IgnoreRule[], now: Date): Promise<Scanning['sift']> {
  if (ignored.length === 0) return async (result) => result
  const { applyIgnoreRules } = await import('../../policy/ignore/apply.ts')
  return async (result, secrets) => {
    const { findings, suppressed: silent } = result
    const outcome = { findings, suppressed: silent, ...(secrets === undefined ? {} : { secrets }) }
    const { notes, suppressed, suppressedSecrets, unused, ...sifted } = applyIgnoreRules(outcome, ignored, {
      now,
    })
    return {
      ...result,
      ...sifted,
      suppressed: [...result.suppressed, ...suppressed],
      suppressedSecrets: [...result.suppressedSecrets, ...suppressedSecrets],
      unused: [...(result.unused ?? []), ...unused],
      notes: [...result.notes, ...notes],
    }
  }
}

async function openGate({ failOn }: ScanRules, now: Date): Promise<Scanning['gate']> {
  if (failOn === undefined) return () => undefined
  const [{ parseGate }, { evaluateGate }] = await Promise.all([
    import('../../policy/gate/parse.ts'),
    import('../../policy/gate/evaluate.ts'),
  ])
  const rules = parseGate(failOn)
  return (result) => evaluateGate(rules, result, { now })
}

const dayMilliseconds = 86_400_000

/** Ages are counted to the end of a day in the past, else to now. */
function momentOf(day: string | undefined, context: Context): Date {
  if (day === undefined) return context.now()
  const end = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T23:59:59Z`) : new Date(Number.NaN)
  if (Number.isNaN(end.getTime()) || !end.toISOString().startsWith(day))
    throw new TemperError('bad-usage', `Expected a day as YYYY-MM-DD, found "${day.slice(0, 40)}"`)
  // Where the sun rises first it is a day later than in UTC.
  if (end.getTime() > context.now().getTime() + 2 * dayMilliseconds)
    throw new TemperError('bad-usage', `The day ${day} is in the future`, {
      hint: 'Name a day in the past, or none.',
    })
  return end
}

/** The oldest day that counts, that of a feed which was asked; at most the day that was asked for. */
function dayOf({ asOf, feeds }: AdvisoryIndex, ledger: readonly LedgerEntry[]): Pick<ScanResult, 'asOf'> {
  const known = oldestDay(ledger) ?? feeds.flatMap((feed) => dayOfFeed(feed) ?? []).sort()[0]
  const asked = asOf && `${asOf.day}T23:59:59Z`
  const day = [known, asked].filter((each) => each !== undefined).sort()[0]
  return day === undefined ? {} : { asOf: day }
}
