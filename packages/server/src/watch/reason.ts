import { type Severity, severities } from '../database/schema.ts'

/** A problem that a new lock removes. */
export interface Repair {
  readonly advisory: string
  readonly package: string
  /** The source package, by which people know the package. */
  readonly source: string | null
  /** The version that repairs it; absent: the package is no longer there. */
  readonly version: string | undefined
  readonly severity: Severity
  readonly exploited: boolean
}

/** Repairs that a sentence names. */
const named = 3

/**
 * Why an image is rebuilt, in one sentence: "rebuilt because openssl 3.5.1-1+deb13u2 fixes CVE-2026-1000, high, KEV".
 * The worst problem comes first.
 */
export function reasonOf(repairs: readonly Repair[]): string {
  const told = new Map<string, Repair>()
  for (const each of [...repairs].sort(worse)) {
    const key = `${nameOf(each)} ${each.version} ${each.advisory}`
    if (!told.has(key)) told.set(key, each)
  }
  const all = [...told.values()]
  const more = all.length - named
  const parts = all.slice(0, named).map(partOf)
  if (more > 0) parts.push(`and ${more} more`)
  return `rebuilt because ${parts.join('; ')}`
}

function partOf(repair: Repair): string {
  const { advisory, version, severity, exploited } = repair
  const problem = [advisory, severity, ...(exploited ? ['KEV'] : [])].join(', ')
  return version === undefined
    ? `leaving ${nameOf(repair)} out removes ${problem}`
    : `${nameOf(repair)} ${version} fixes ${problem}`
}

function nameOf({ source, package: name }: Repair): string {
  return source ?? name
}

function worse(a: Repair, b: Repair): number {
  return (
    Number(b.exploited) - Number(a.exploited) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.advisory.localeCompare(b.advisory) ||
    a.package.localeCompare(b.package)
  )
}

/** Builds with a higher number come first. */
export function priorityOf(repairs: readonly Repair[]): number {
  const [first] = [...repairs].sort(worse)
  if (first === undefined) return 0
  return (first.exploited ? 10 : 0) + severities.length - severities.indexOf(first.severity)
}
