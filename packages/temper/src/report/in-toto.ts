import { hexOf, isDigest, sha256 } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { canonicalJson } from '../base/json/canonical-json.ts'
import type { JsonObject } from '../base/json/value.ts'
import { wellFormed } from '../base/json/well-formed.ts'
import { dayOfFeed, type FeedState } from '../model/advisory/advisory.ts'
import type { Finding } from '../model/advisory/finding.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import { predicateTypes } from '../model/attestation.ts'
import { strictTime } from './date.ts'
import { verdictJson } from './json/verdict.ts'
import { summarise } from './summary.ts'

/** in-toto attestation framework, spec/predicates/vulns_02.md. */
export const vulnsType = predicateTypes.vulns

/** The predicate: the scanner, the state of its advisories, and what it found. Suppressed findings are left out. */
export function vulnsPredicate({ result, times, verdict }: ScanReport): JsonObject {
  const { feeds, generator } = result
  const { compared, repairedOnly, notCompared, complete } = summarise(result)
  return wellFormed({
    scanner: {
      uri: `pkg:generic/${generator.name}@${encodeURIComponent(generator.version)}`,
      version: generator.version,
      db: {
        uri: 'https://osv.dev',
        version: sha256(canonicalJson(feeds.map((feed) => [feed.id, feed.digest]))),
        lastUpdate: strictTime(result.asOf) ?? times.started,
      },
      result: result.findings.map((finding) => ({
        id: finding.id,
        severity: severityOf(finding),
        annotations: annotationsOf(finding),
      })),
    },
    metadata: {
      scanStartedOn: times.started,
      scanFinishedOn: times.finished,
      packages: { complete, compared, repairedOnly, notCompared },
      feeds: feeds.map((feed) => ({ id: feed.id, digest: feed.digest, ...dated(feed) })),
      ...(verdict === undefined ? {} : { gate: verdictJson(verdict) }),
    },
  })
}

function dated(feed: FeedState): { readonly date?: string } {
  const date = strictTime(dayOfFeed(feed))
  return date === undefined ? {} : { date }
}

/** The whole statement, about the image that was scanned. Throws `bad-usage` when the target is not an image. */
export function scanStatement(report: ScanReport): JsonObject {
  const { target } = report.result
  if (target.digest === undefined || !isDigest(target.digest))
    throw new TemperError(
      'bad-usage',
      `A statement needs the digest of an image, and ${target.name} has none`,
      {
        hint: 'Scan an image by its reference.',
        next: { action: 'choose-format' },
      },
    )
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: target.name.toWellFormed(), digest: { sha256: hexOf(target.digest) } }],
    predicateType: vulnsType,
    predicate: vulnsPredicate(report),
  }
}

function severityOf({ severity, severitySource, score, vector, prediction }: Finding): JsonObject[] {
  return [
    { method: 'temper', score: severity, source: severitySource },
    ...(score === undefined ? [] : [{ method: 'cvss_score', score: score.toFixed(1) }]),
    ...(vector === undefined ? [] : [{ method: 'cvss_vector', score: vector }]),
    ...(prediction === undefined ? [] : [{ method: 'epss', score: String(prediction.score) }]),
  ]
}

function annotationsOf(finding: Finding): JsonObject[] {
  const { component } = finding
  return [
    { purl: component.purl },
    { package: component.name },
    { installedVersion: component.version },
    ...(finding.fixedVersions.length === 0 ? [] : [{ fixedVersion: finding.fixedVersions.join(', ') }]),
    ...(finding.aliases.length === 0 ? [] : [{ aliases: finding.aliases.join(', ') }]),
    { status: finding.status },
    { priority: finding.priority.level },
    { knownExploited: finding.exploited !== undefined },
    { reason: finding.reason },
    { feed: finding.feeds.join(', ') },
  ]
}
