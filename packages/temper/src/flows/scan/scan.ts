import type { NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { type Severity, severities } from '../../model/advisory/advisory.ts'
import type { ScanResult, SecretFinding } from '../../model/advisory/finding.ts'
import type { Comparison, ScanReport } from '../../model/advisory/scan-report.ts'
import { unusedInAll, unusedNotes } from '../../model/advisory/unused-rule.ts'
import type { Distribution } from '../../model/inventory.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import { inventoryOf, type TargetInventory } from '../inventory/inventory.ts'
import { type ScanTarget, targetName } from '../inventory/target.ts'
import type { SigningKey } from '../trust/trusted-keys.ts'
import type { AttachedScan } from './attach.ts'
import { openScanning, resultFor, type Scanning, type ScanRules, withUpgrades } from './result.ts'
import type { SecretSearch, TargetSecrets } from './secrets.ts'
import type { TargetStatements } from './vex.ts'

/** What a result is compared with. */
export type ComparedWith =
  | { readonly kind: 'target'; readonly target: ScanTarget }
  | ({ readonly kind: 'result' } & NamedBytes)

export interface ScanRequest extends ScanRules {
  /** At least one. */
  readonly targets: readonly ScanTarget[]
  /** Which image of several. */
  readonly platform?: ImagePlatform
  /** The distribution of packages that do not state theirs: "debian-12", "jammy". */
  readonly distribution?: string
  /** Where to search for secrets; default "read". */
  readonly secrets?: SecretSearch
  /** Paths to leave out, also when searching for secrets, from the root of the target, with `*` and `**`. */
  readonly exclude?: readonly string[]
  /** Only findings that an upgrade removes count, for the gate too. */
  readonly onlyFixed?: boolean
  /** Lowest severity that is shown; the gate sees all. */
  readonly severity?: Severity
  readonly showSuppressed?: boolean
  /** Whether to state what each component was compared with. */
  readonly showComponents?: boolean
  /** Another target, or an earlier result as JSON. */
  readonly compare?: ComparedWith
  /** Attaches what was found to the image, signed when there is a key; absent: nothing is attached. */
  readonly attach?: { readonly sign?: SigningKey }
}

export interface ScanOutcome {
  /** In the order of the targets. */
  readonly reports: readonly ScanReport[]
  /** What was attached, one for each image. */
  readonly attached: readonly AttachedScan[]
  /** False when the gate refuses a target. */
  readonly passed: boolean
}

/**
 * Scans targets: lists their contents, matches advisories, applies VEX and ignore rules, and lets the gate
 * judge. Errors: `bad-usage` for invalid rules, `not-found` when there are no advisories, and what
 * reading targets, feeds, VEX and ignore files throws.
 */
export async function scan(request: ScanRequest, context: Context): Promise<ScanOutcome> {
  const reports: ScanReport[] = []
  const rest = await scanEach(request, context, (report) => void reports.push(report))
  return { reports, ...rest }
}

/**
 * The same, for many targets: `take` gets each report, in the order of the targets, and none is kept here. It is
 * called before the last target is scanned only if nothing later can change a report; it may then have been called
 * before a later error.
 */
export async function scanEach(
  request: ScanRequest,
  context: Context,
  take: (report: ScanReport) => void,
): Promise<Omit<ScanOutcome, 'reports'>> {
  if (request.compare !== undefined && request.targets.length > 1)
    throw new TemperError('bad-usage', `A comparison takes one target, found ${request.targets.length}`)
  const scanning = await openScanning(request, context)
  try {
    const held: ScanReport[] = []
    let passed = true
    const isFinal = request.attach === undefined && !mayBeUnused(request, scanning)
    for await (const report of reportsOf(request, scanning)) {
      passed &&= report.verdict?.passed !== false
      if (isFinal) take(report)
      else held.push(report)
    }
    const reports = withUnusedTold(held)
    for (const report of reports) take(report)
    return { attached: await attachedTo(request, reports, context), passed }
  } finally {
    scanning.index.close()
  }
}

async function attachedTo(
  { targets, attach }: ScanRequest,
  reports: readonly ScanReport[],
  context: Context,
): Promise<readonly AttachedScan[]> {
  if (attach === undefined) return []
  const { attachScan } = await import('./attach.ts')
  const attached: AttachedScan[] = []
  for (const [i, target] of targets.entries()) {
    const report = reports[i]
    if (report !== undefined) attached.push(await attachScan({ target, report }, attach, context))
  }
  return attached
}

async function* reportsOf(request: ScanRequest, scanning: Scanning): AsyncGenerator<ScanReport> {
  const { progress, signal } = scanning.context
  const { targets } = request
  const task = targets.length > 1 ? progress.start('scan', { total: targets.length }) : undefined
  try {
    for (const target of targets) {
      signal.throwIfAborted()
      yield await scanOne(target, request, scanning)
      task?.advance(1, targetName(target))
    }
  } finally {
    task?.done()
  }
}

/** Whether there are statements or rules of which only all targets together tell that they fit nothing. */
function mayBeUnused({ targets }: ScanRequest, { vex, ignores, context }: Scanning): boolean {
  if (vex.documents.length > 0 || ignores) return true
  return context.trust !== undefined && targets.some(({ kind }) => kind === 'image')
}

/** Statements and rules may be written for several targets: told is what fits none of them. */
function withUnusedTold(reports: readonly ScanReport[]): ScanReport[] {
  const unused = unusedInAll(reports.map(({ result }) => result.unused ?? []))
  const notes = unusedNotes(unused)
  return reports.map((report) => ({
    ...report,
    result: { ...report.result, unused, notes: [...report.result.notes, ...notes] },
  }))
}

async function scanOne(target: ScanTarget, request: ScanRequest, scanning: Scanning): Promise<ScanReport> {
  const started = creationTime(scanning.context)
  const whole = await resultOf(target, request, scanning)
  const result = request.onlyFixed === true ? await fixable(whole) : whole
  const verdict = scanning.gate(result)
  const comparison = await comparisonOf(result, request, scanning)
  const shown = request.severity === undefined ? result : await filtered(result, request.severity)
  return {
    result: shown,
    hidden: whole.findings.length - shown.findings.length,
    showSuppressed: request.showSuppressed === true,
    showComponents: request.showComponents === true,
    times: { started, finished: creationTime(scanning.context) },
    ...(verdict === undefined ? {} : { verdict }),
    ...(comparison === undefined ? {} : { comparison }),
  }
}

async function resultOf(target: ScanTarget, request: ScanRequest, scanning: Scanning): Promise<ScanResult> {
  const { platform, secrets: search = 'read' } = request
  const distribution =
    request.distribution === undefined ? undefined : await statedDistribution(request.distribution)
  const secrets = search === 'none' ? undefined : await targetSecrets(target)
  const inventoried = await inventoryOf(
    target,
    {
      ...(platform === undefined ? {} : { platform }),
      ...(distribution === undefined ? {} : { distribution }),
      ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
      ...(search === 'all' ? { source: 'layers' } : {}),
      ...(secrets === undefined ? {} : { observers: [secrets.observer] }),
    },
    scanning.context,
  )
  const statements = await statementsFor(target, inventoried, scanning)
  if (secrets === undefined) return resultFor(inventoried, scanning, { statements })
  const { inventory } = inventoried
  const noted = { ...inventory, notes: [...inventory.notes, ...secrets.notes(inventoried)] }
  const facts = {
    statements,
    secrets: await secretsOutside(secrets.of(inventoried), request.exclude, target),
  }
  return resultFor({ ...inventoried, inventory: noted }, scanning, facts)
}

async function secretsOutside(
  secrets: readonly SecretFinding[],
  patterns: readonly string[] | undefined,
  target: ScanTarget,
): Promise<readonly SecretFinding[]> {
  if (patterns === undefined) return secrets
  const { excludedPlaces } = await import('../inventory/exclude.ts')
  const excluded = excludedPlaces(patterns, target)
  return secrets.filter(({ location }) => !excluded(location.path))
}

async function statedDistribution(text: string): Promise<Distribution> {
  const { parseDistribution } = await import('../inventory/stated-distribution.ts')
  return parseDistribution(text)
}

/** Documents and locks have no files to search. */
async function targetSecrets({ kind }: ScanTarget): Promise<TargetSecrets | undefined> {
  if (kind !== 'image' && kind !== 'directory') return undefined
  const { TargetSecrets } = await import('./secrets.ts')
  return new TargetSecrets()
}

/** Loaded only when there is something to read, or to compare names with. */
async function statementsFor(
  target: ScanTarget,
  inventoried: TargetInventory,
  { vex, context }: Scanning,
): Promise<TargetStatements | undefined> {
  const attachable = inventoried.kind === 'image' && context.trust !== undefined
  if (vex.documents.length === 0 && !attachable) return undefined
  const { imageVex } = await import('./vex.ts')
  return imageVex({ target, inventoried }, context)
}

async function fixable(result: ScanResult): Promise<ScanResult> {
  return withUpgrades({
    ...result,
    findings: result.findings.filter(isFixable),
  })
}

function isFixable({ fixedVersions }: { readonly fixedVersions: readonly string[] }): boolean {
  return fixedVersions.length > 0
}

async function filtered(result: ScanResult, least: Severity): Promise<ScanResult> {
  const limit = severities.indexOf(least)
  const findings = result.findings.filter(({ severity }) => severities.indexOf(severity) <= limit)
  return withUpgrades({ ...result, findings })
}

async function comparisonOf(
  result: ScanResult,
  request: ScanRequest,
  scanning: Scanning,
): Promise<Comparison | undefined> {
  const { compare } = request
  if (compare === undefined) return undefined
  const { compareFindings, comparable, readEarlier } = await import('./compare.ts')
  const earlier =
    compare.kind === 'result'
      ? readEarlier(compare, result.target.name)
      : comparable((await resultOf(compare.target, { ...request, secrets: 'none' }, scanning)).findings)
  // What no upgrade removes was left out here, and has not gone away.
  const alike = request.onlyFixed === true ? earlier.filter(isFixable) : earlier
  const name = compare.kind === 'result' ? compare.name : targetName(compare.target)
  return { with: name, ...compareFindings(comparable(result.findings), alike) }
}
