import { supportOf } from '../advisory/support/support.ts'
import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { temperVersion } from '../base/version.ts'
import { type AdvisoryIndex, type Severity, severities } from '../model/advisory.ts'
import type { ScanResult } from '../model/finding.ts'
import type { InventoryNote } from '../model/inventory.ts'
import type { Platform } from '../model/platform.ts'
import type { Comparison, ScanReport, Verdict } from '../model/scan-report.ts'
import type { VexDocument } from '../model/vex.ts'
import type { Context } from './context.ts'
import { openFeeds } from './feeds.ts'
import { inventoryOf, type TargetInventory } from './inventory.ts'
import { findingsOf, upgradesOf } from './scan-match.ts'
import type { SigningKey } from './trusted-keys.ts'

export interface ScanRequest {
  /** Image references, "dir:PATH", "sbom:FILE", "lock:FILE"; at least one. */
  readonly targets: readonly string[]
  /** Store of feeds, or a file that was exported from one; default: the store in the cache. */
  readonly feeds?: string
  /** A day, YYYY-MM-DD: scan as on that day. */
  readonly asOf?: string
  /** Which image of several. */
  readonly platform?: Platform
  /** Files with VEX documents; earlier ones take precedence. */
  readonly vex?: readonly string[]
  /** Files of ignore rules; default: .temper/ignore.yaml in the working folder, if it is there. */
  readonly ignore?: readonly string[]
  /** Rules of the gate; see docs/reference/gate.md. */
  readonly failOn?: string
  /** Mildest severity that is shown; the gate sees all. */
  readonly severity?: Severity
  readonly showSuppressed?: boolean
  /** Another target, or a file with an earlier JSON result. */
  readonly compare?: string
  /** Attach what was found to the image, signed when there is a key. */
  readonly attach?: { readonly sign?: SigningKey }
  /** Where "sbom:-" reads from. */
  readonly input?: () => ByteStream
}

export interface ScanOutcome {
  /** In the order of the targets. */
  readonly reports: readonly ScanReport[]
  /** What was attached, one for each image. */
  readonly attached: readonly AttachedScan[]
  /** False when the gate refuses a target. */
  readonly passed: boolean
}

export interface AttachedScan {
  readonly reference: string
  readonly subject: string
  readonly type: string
  readonly digest: string
  readonly signer?: string
}

/** What all targets of one scan share. */
interface Scanning {
  readonly request: ScanRequest
  readonly context: Context
  readonly index: AdvisoryIndex
  /** The moment that ages are counted to. */
  readonly now: Date
  readonly vex: { readonly documents: readonly VexDocument[]; readonly notes: readonly InventoryNote[] }
  readonly judge: (result: ScanResult) => Promise<ScanResult>
  readonly gate: (result: ScanResult) => Verdict | undefined
}

/**
 * Scans targets: what is in them, which advisories are about it, what VEX and ignore rules say of that, and what the
 * gate makes of it. Errors: `bad-usage` for rules that make no sense, `not-found` when there are no advisories, and what
 * reading targets, feeds, VEX and ignore files throws.
 */
export async function scan(request: ScanRequest, context: Context): Promise<ScanOutcome> {
  const now = momentOf(request.asOf, context)
  const gate = await openGate(request, now)
  if (request.compare !== undefined && request.targets.length > 1)
    throw new TemperError('bad-usage', `--compare takes one target, found ${request.targets.length}`)
  const judge = await ignoring(request, { context, now })
  const index = await openFeeds(context, request)
  try {
    const vex = await readVexFiles(request.vex ?? [], context)
    const scanning = { request, context, index, now, vex, judge, gate }
    const reports = await scanAll(scanning)
    const passed = reports.every(({ verdict }) => verdict?.passed !== false)
    if (request.attach === undefined) return { reports, attached: [], passed }
    const { attachScan } = await import('./scan-attach.ts')
    const attached: AttachedScan[] = []
    for (const report of reports) attached.push(await attachScan(report, request.attach, context))
    return { reports, attached, passed }
  } finally {
    index.close()
  }
}

async function scanAll(scanning: Scanning): Promise<ScanReport[]> {
  const { request, context } = scanning
  const { targets } = request
  const task = targets.length > 1 ? context.progress.start('scan', { total: targets.length }) : undefined
  const reports: ScanReport[] = []
  try {
    for (const target of targets) {
      context.signal.throwIfAborted()
      reports.push(await scanOne(target, scanning))
      task?.advance(1, target)
    }
  } finally {
    task?.done()
  }
  return reports
}

async function scanOne(target: string, scanning: Scanning): Promise<ScanReport> {
  const { request, context } = scanning
  const started = timeText(context)
  const result = await resultOf(target, scanning)
  const verdict = scanning.gate(result)
  const comparison = await comparisonOf(result, scanning)
  const shown = request.severity === undefined ? result : await filtered(result, request.severity)
  return {
    result: shown,
    hidden: result.findings.length - shown.findings.length,
    showSuppressed: request.showSuppressed === true,
    times: { started, finished: timeText(context) },
    ...(verdict === undefined ? {} : { verdict }),
    ...(comparison === undefined ? {} : { comparison }),
  }
}

async function resultOf(target: string, scanning: Scanning): Promise<ScanResult> {
  const { request, context } = scanning
  const { platform, input } = request
  const found = await inventoryOf(
    target,
    { ...(platform === undefined ? {} : { platform }), ...(input === undefined ? {} : { input }) },
    context,
  )
  const matched = await findingsOf(found.inventory, scanning.index)
  const stated = await withVex(matched.findings, { target, found, scanning })
  const { inventory, kind, name, digest, platform: ofImage } = found
  const { distribution } = inventory
  const support = distribution === undefined ? undefined : supportOf(distribution, scanning.now)
  const result: ScanResult = {
    target: {
      name,
      kind,
      ...(digest === undefined ? {} : { digest }),
      ...(ofImage === undefined ? {} : { platform: ofImage }),
      ...(distribution === undefined ? {} : { distribution }),
      inventoryFrom: found.from,
    },
    layers: inventory.layers,
    packages: inventory.components.length,
    findings: stated.findings,
    suppressed: stated.suppressed,
    secrets: [],
    suppressedSecrets: [],
    upgrades: [],
    ...(support === undefined ? {} : { support }),
    notes: [...inventory.notes, ...matched.notes, ...stated.notes, ...dayNotes(scanning.index)],
    feeds: scanning.index.feeds,
    asOf: dayOfFeeds(scanning),
    generator: { name: 'temper', version: temperVersion() },
  }
  return withUpgrades(await scanning.judge(result))
}

async function withUpgrades(result: ScanResult): Promise<ScanResult> {
  return { ...result, upgrades: await upgradesOf(result.findings) }
}

async function filtered(result: ScanResult, least: Severity): Promise<ScanResult> {
  const limit = severities.indexOf(least)
  const findings = result.findings.filter(({ severity }) => severities.indexOf(severity) <= limit)
  return withUpgrades({ ...result, findings })
}

/** Loaded only when there is something to apply: most scans have neither files nor people whom they trust. */
async function withVex(
  findings: ScanResult['findings'],
  options: { readonly target: string; readonly found: TargetInventory; readonly scanning: Scanning },
): Promise<Pick<ScanResult, 'findings' | 'suppressed' | 'notes'>> {
  const { scanning, found } = options
  const { vex, context, now } = scanning
  const attachable = found.kind === 'image' && context.trustFile !== undefined
  if (vex.documents.length === 0 && !attachable) return { findings, suppressed: [], notes: vex.notes }
  const { imageVex } = await import('./scan-vex.ts')
  const { documents, names, notes } = await imageVex(options, context)
  const { applyVex } = await import('../advisory/vex/apply.ts')
  const applied = applyVex(findings, [...vex.documents, ...documents], { product: names, now })
  return { ...applied, notes: [...vex.notes, ...notes, ...applied.notes] }
}

async function readVexFiles(files: readonly string[], context: Context): Promise<Scanning['vex']> {
  if (files.length === 0) return { documents: [], notes: [] }
  const { readVexFile } = await import('./scan-vex.ts')
  const read = await Promise.all(files.map((file) => readVexFile(file, context)))
  return { documents: read.map(({ document }) => document), notes: read.flatMap(({ notes }) => notes) }
}

async function ignoring(
  request: ScanRequest,
  { context, now }: Pick<Scanning, 'context' | 'now'>,
): Promise<Scanning['judge']> {
  const { ignoreRules } = await import('./scan-ignore.ts')
  const rules = await ignoreRules(request.ignore, context)
  if (rules.length === 0) return async (result) => result
  const { applyIgnoreRules } = await import('../policy/apply-ignore.ts')
  return async (result) => {
    const { notes, suppressed, suppressedSecrets, ...sifted } = applyIgnoreRules(result, rules, { now })
    return {
      ...result,
      ...sifted,
      suppressed: [...result.suppressed, ...suppressed],
      suppressedSecrets: [...result.suppressedSecrets, ...suppressedSecrets],
      notes: [...result.notes, ...notes],
    }
  }
}

async function openGate(request: ScanRequest, now: Date): Promise<Scanning['gate']> {
  if (request.failOn === undefined) return () => undefined
  const [{ parseGate }, { evaluateGate }] = await Promise.all([
    import('../policy/parse-gate.ts'),
    import('../policy/evaluate.ts'),
  ])
  const rules = parseGate(request.failOn)
  return (result) => evaluateGate(rules, result, { now })
}

async function comparisonOf(result: ScanResult, scanning: Scanning): Promise<Comparison | undefined> {
  const { compare } = scanning.request
  if (compare === undefined) return undefined
  const { compareFindings, comparable, readEarlier } = await import('./scan-compare.ts')
  const earlier =
    (await readEarlier(compare, result.target.name, scanning.context)) ??
    comparable((await resultOf(compare, scanning)).findings)
  return { with: compare, ...compareFindings(comparable(result.findings), earlier) }
}

/** Ages are counted to the end of a day in the past, else to now. */
function momentOf(day: string | undefined, context: Context): Date {
  if (day === undefined) return context.now()
  const end = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T23:59:59Z`) : new Date(Number.NaN)
  if (!Number.isNaN(end.getTime()) && end.toISOString().startsWith(day)) return end
  throw new TemperError('bad-usage', `--as-of: expected a day as YYYY-MM-DD, found "${day.slice(0, 40)}"`)
}

function dayNotes(index: AdvisoryIndex): InventoryNote[] {
  if (index.asOf === undefined || index.asOf.exact) return []
  return [
    {
      code: 'as-of-rebuilt',
      message: `No state of the feeds of ${index.asOf.day} was kept: it was rebuilt from a later one by leaving out what was published later.`,
    },
  ]
}

/** The newest date of the feeds, unless a day was asked for. */
function dayOfFeeds({ index, now }: Scanning): string {
  if (index.asOf !== undefined) return `${index.asOf.day}T23:59:59Z`
  const dates = index.feeds.flatMap(({ date, fetched }) => date ?? fetched ?? []).sort()
  return dates.at(-1) ?? now.toISOString()
}

/** RFC 3339 without fractions; SOURCE_DATE_EPOCH decides when it is set. */
function timeText({ now, sourceDateEpoch }: Context): string {
  const time = sourceDateEpoch === undefined ? now() : new Date(sourceDateEpoch * 1000)
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
