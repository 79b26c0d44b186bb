import { MadeList, withListsMade } from '../../base/json/made-list.ts'
import { wellFormed } from '../../base/json/well-formed.ts'
import type {
  Finding,
  SecretFinding,
  SuppressedFinding,
  SuppressedSecret,
} from '../../model/advisory/finding.ts'
import type { LedgerEntry } from '../../model/advisory/ledger.ts'
import type { ScanReport } from '../../model/advisory/scan-report.ts'
import { upgradeOf } from '../../model/advisory/scan-report.ts'
import { summarise } from '../summary.ts'
import { verdictDocument } from './verdict.ts'
import { violationJson } from './violation.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The result of a scan of one target as JSON (docs/reference/scan-result.md). Suppressed findings are always listed:
 * scripts choose for themselves.
 */
export function scanJson(report: ScanReport): Json {
  return withListsMade(scanDocument(report)) as Json
}

/** The same, with lists that are made while they are written: of a large result the objects would not fit in memory. */
export function scanDocument(report: ScanReport): Json {
  const { result, verdict, comparison } = report
  const { target } = result
  return wellFormed({
    schemaVersion: 1,
    target: target.name,
    kind: target.kind,
    digest: target.digest ?? null,
    platform: target.platform ?? null,
    distribution: target.distribution ?? null,
    inventoryFrom: target.inventoryFrom,
    packages: result.packages,
    summary: { ...summarise(result), hidden: report.hidden },
    ...(report.showComponents ? { components: new MadeList(result.ledger, componentJson) } : {}),
    findings: new MadeList(result.findings, (finding) => findingJson(finding, report)),
    suppressed: new MadeList(result.suppressed, (finding) => suppressedJson(finding, report)),
    secrets: result.secrets.map(secretJson),
    suppressedSecrets: result.suppressedSecrets.map((secret) => ({
      ...secretJson(secret),
      reason: secret.reason,
      suppressedBy: secret.suppressedBy,
    })),
    upgrades: result.upgrades.map((upgrade) => ({ ...upgrade, to: upgrade.to ?? null })),
    unused: result.unused ?? [],
    support: result.support ?? null,
    verdict: verdict === undefined ? null : verdictDocument(verdict),
    comparison: comparison ?? null,
    layers: result.layers,
    notes: result.notes,
    feeds: result.feeds,
    asOf: result.asOf ?? null,
    times: report.times,
    generator: result.generator,
  })
}

/** One object for any number of targets: that of the target itself when there is one, else `{"targets": […]}`. */
export function scansJson(reports: readonly ScanReport[]): Json {
  return targetsJson(reports, scanJson)
}

/** The same, with lists that are made while they are written. */
export function scansDocument(reports: readonly ScanReport[]): Json {
  return targetsJson(reports, scanDocument)
}

function targetsJson(reports: readonly ScanReport[], write: (report: ScanReport) => Json): Json {
  const [first] = reports
  if (first !== undefined && reports.length === 1) return write(first)
  return {
    schemaVersion: 1,
    passed: reports.every((report) => report.verdict?.passed !== false),
    targets: reports.map(write),
  }
}

/**
 * The text of `scansJson`, made from the texts of the targets with commas between them: for so many targets that their
 * values should not be in memory at once.
 */
export function* scansJsonPieces(
  targets: Iterable<Uint8Array>,
  { count, passed }: { readonly count: number; readonly passed: boolean },
): Generator<string | Uint8Array> {
  if (count > 1) yield `{"schemaVersion":1,"passed":${passed},"targets":[`
  yield* targets
  if (count > 1) yield ']}'
}

function componentJson({ component, compared, feeds, reason, as }: LedgerEntry): Json {
  const { purl, name, version } = component
  return { purl, name, version, compared, feeds, reason: reason ?? null, as: as ?? null }
}

function findingJson(finding: Finding, { result }: ScanReport): Json {
  const { component, exploited, prediction, priority } = finding
  const [location] = component.locations
  const upgrade = upgradeOf(finding, result.upgrades)
  return {
    id: finding.id,
    aliases: finding.aliases,
    title: finding.title ?? null,
    malicious: finding.malicious === true,
    package: {
      name: component.name,
      version: component.version,
      type: component.type,
      purl: component.purl,
      source: component.source?.name ?? null,
      sourceVersion: component.source?.version ?? null,
      architecture: component.architecture ?? null,
      location: location?.path ?? null,
      layer: layerDigest(location?.layer, result),
      guessedFrom: component.guessedFrom ?? null,
      locations: component.locations.map(({ path, layer }) => ({ path, layer: layerDigest(layer, result) })),
    },
    fixedVersions: finding.fixedVersions,
    unfixed: finding.unfixed ?? null,
    upgrade: upgrade?.to === undefined ? null : { name: upgrade.name, from: upgrade.from, to: upgrade.to },
    severity: finding.severity,
    severitySource: finding.severitySource,
    score: finding.score ?? null,
    vector: finding.vector ?? null,
    kev: exploited !== undefined,
    kevDetails: exploited ?? null,
    epss: prediction?.score ?? null,
    epssPercentile: prediction?.percentile ?? null,
    priority: priority.level,
    priorityValue: priority.value,
    priorityReason: priority.why,
    status: finding.status,
    justification: finding.justification ?? null,
    reason: finding.reason,
    feed: finding.feeds[0] ?? null,
    feeds: finding.feeds,
    published: finding.published ?? null,
    fixPublished: finding.fixPublished ?? null,
    references: finding.references,
  }
}

function suppressedJson(finding: SuppressedFinding, report: ScanReport): Json {
  return { ...findingJson(finding, report), suppressedBy: finding.suppressedBy }
}

function layerDigest(layer: number | undefined, { layers }: ScanReport['result']): string | null {
  return layer === undefined ? null : (layers[layer]?.digest ?? null)
}

function secretJson(secret: SecretFinding | SuppressedSecret): Json {
  const { title, severity, location, line, excerpt, deleted } = secret
  return {
    ...violationJson(secret),
    title,
    severity,
    location: location.path,
    layer: location.layer ?? null,
    line,
    excerpt,
    deleted,
  }
}
