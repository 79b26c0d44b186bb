import { MadeList, madeInTurn, withListsMade } from '../base/json/made-list.ts'
import { printableLine } from '../base/printable.ts'
import type { Severity } from '../model/advisory/advisory.ts'
import type { Finding, SuppressedFinding } from '../model/advisory/finding.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import { upgradeOf, violationsOf } from '../model/advisory/scan-report.ts'
import { feedText } from './advisories.ts'
import { findingFingerprint, stableUuid } from './finding-identity.ts'
import { markdownText } from './markdown/text.ts'
import { homeOf, safeLink } from './markup.ts'
import { sentence } from './sentence.ts'

type Json = Readonly<Record<string, unknown>>

/** GitLab's container scanning report (security-report-schemas, container-scanning-report-format, 15.0.7). */
export function scansGitlab(reports: readonly ScanReport[]): Json {
  return withListsMade(gitlabDocument(reports)) as Json
}

/** The same, with lists that are made while they are written. */
export function gitlabDocument(reports: readonly ScanReport[]): Json {
  const [first] = reports
  const tool = {
    id: 'temper',
    name: 'Temper',
    vendor: { name: 'Temper' },
    version: first?.result.generator.version ?? 'unknown',
  }
  const times = reports.map((report) => report.times)
  return {
    version: '15.0.7',
    scan: {
      analyzer: tool,
      scanner: tool,
      type: 'container_scanning',
      status: 'success',
      start_time: localTime(times.map((each) => each.started).sort()[0]),
      end_time: localTime(
        times
          .map((each) => each.finished)
          .sort()
          .at(-1),
      ),
      messages: madeInTurn(reports.map(messages)),
    },
    vulnerabilities: madeInTurn(reports.map(vulnerabilities)),
    remediations: [],
  }
}

/** Without a zone, as the schema wants it; in UTC. */
function localTime(time: string | undefined): string {
  return (time ?? '1970-01-01T00:00:00Z').slice(0, 19)
}

function messages({ result, verdict }: ScanReport): Iterable<unknown> {
  return madeInTurn([
    result.notes.map((note) => ({ level: 'warn', value: line(note.message, 1000) })),
    result.feeds.map((feed) => ({ level: 'info', value: line(`Advisories: ${feedText(feed)}`, 1000) })),
    new MadeList(verdict?.violations ?? [], ({ rule, subject, id, remedy }) => ({
      level: 'fatal',
      value: line(`${id} in ${subject} breaks the rule ${rule}: ${remedy}`, 1000),
    })),
  ])
}

function vulnerabilities(report: ScanReport): Iterable<unknown> {
  const { findings, suppressed } = report.result
  const shown = report.showSuppressed ? [...findings, ...suppressed] : findings
  return new MadeList(shown, (finding) => vulnerability(finding, report))
}

function vulnerability(finding: Finding | SuppressedFinding, { result, verdict }: ScanReport): Json {
  const { component } = finding
  const { target } = result
  const upgrade = upgradeOf(finding, result.upgrades)
  const links = finding.references.flatMap((link) => safeLink(link) ?? [])
  const broken = violationsOf(finding, verdict) ?? []
  const text = [
    sentence(finding.title ?? ''),
    `${finding.reason}.`,
    ...broken.map(({ rule, found }) => `Breaks the rule ${rule} (${found}).`),
  ]
  return {
    id: stableUuid([target.name, findingFingerprint(finding), component.version]),
    name: line(finding.title ?? finding.id, 255),
    // Cut before anything is escaped: half an entity is none.
    description: markdownText(printableLine(text.filter((part) => part !== '').join(' '), { most: 10_000 })),
    severity: severityNames[finding.severity],
    solution:
      upgrade?.to === undefined
        ? 'No fixed version is known.'
        : line(`Upgrade ${upgrade.name} from ${upgrade.from} to ${upgrade.to}`, 1000),
    identifiers: identifiers(finding),
    links: [...new Set(links)].map((url) => ({ url })),
    ...(/^CVSS:3\.[01]\/[A-Z:/]{1,110}$/.test(finding.vector ?? '')
      ? { cvss_vectors: [{ vendor: line(finding.feeds[0] ?? 'unknown', 100), vector: finding.vector }] }
      : {}),
    location: locationOf(finding, target),
    details: detailsOf(finding),
    ...('suppressedBy' in finding
      ? {
          flags: [
            {
              type: 'flagged-as-likely-false-positive',
              origin: line(finding.suppressedBy.source, 200),
              description: line(finding.reason, 500),
            },
          ],
        }
      : {}),
  }
}

function locationOf({ component }: Finding, target: ScanReport['result']['target']): Json {
  const { distribution = component.distribution } = target
  return {
    dependency: {
      package: { name: line(component.name, 500) },
      version: line(component.version, 255),
    },
    operating_system: line(
      distribution === undefined ? 'unknown' : `${distribution.id}:${distribution.version || 'rolling'}`,
      255,
    ),
    image: line(target.name, 255),
  }
}

function detailsOf({ priority, component }: Finding): Json {
  return {
    priority: {
      type: 'text',
      name: 'Priority',
      value: line(`${priority.level}: ${priority.why}`, 500),
    },
    path: { type: 'text', name: 'Found in', value: line(component.locations[0]?.path ?? 'unknown', 500) },
  }
}

function identifiers({ id, aliases }: Finding): Json[] {
  return [...new Set([id, ...aliases])].slice(0, 20).map((name) => {
    const url = homeOf(name)
    const type = /^[A-Za-z]{2,12}(?=-)/.exec(name)?.[0].toLowerCase() ?? 'temper'
    return { type, name: line(name, 255), value: line(name, 255), ...(url === undefined ? {} : { url }) }
  })
}

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Info',
  unknown: 'Unknown',
}

/** Never empty, as the schema demands. */
function line(text: string, most: number): string {
  return printableLine(text, { most }).toWellFormed() || '-'
}
