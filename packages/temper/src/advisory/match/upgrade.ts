import { type ParsedVersion, rangeOrderOf } from '../../formats/version/compare.ts'
import type { VersionOrder } from '../../formats/version/order.ts'
import type { Finding, Upgrade } from '../../model/advisory/finding.ts'
import type { Component, ComponentType } from '../../model/inventory.ts'
import type { VersionScheme } from '../../model/version-scheme.ts'

const schemes: Readonly<Record<ComponentType, VersionScheme>> = {
  deb: 'dpkg',
  apk: 'apk',
  rpm: 'rpm',
  npm: 'semver',
  pypi: 'pep440',
  maven: 'maven',
  golang: 'golang',
  cargo: 'semver',
  gem: 'gem',
  composer: 'composer',
  nuget: 'nuget',
  hex: 'semver',
  pub: 'pub',
  swift: 'semver',
  githubactions: 'semver',
  generic: 'semver',
}

interface Group {
  readonly component: Component
  readonly name: string
  readonly from: string
  readonly findings: Finding[]
}

/**
 * The upgrades that remove findings, grouped by source package (all binaries of one are upgraded together) and
 * installed version; the one that removes the most comes first. Findings without a fix are in a separate upgrade
 * without `to`.
 */
export function planUpgrades(findings: readonly Finding[]): readonly Upgrade[] {
  const groups = new Map<string, Group>()
  for (const finding of findings) {
    const { component } = finding
    const name = component.source?.name ?? component.name
    const from = component.source?.version || withoutRebuild(component)
    const key = JSON.stringify([component.type, name, from, finding.fixedVersions.length > 0])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { component, name, from, findings: [finding] })
    else group.findings.push(finding)
  }
  return [...groups.values()].map(upgradeOf).sort(byWorth)
}

/** A binary-only rebuild of Debian (`+b1`) has the version of its source. */
function withoutRebuild({ type, version }: Component): string {
  return type === 'deb' ? version.replace(/\+b\d{1,9}$/, '') : version
}

function upgradeOf({ component: { type }, name, from, findings }: Group): Upgrade {
  const removes = [...new Set(findings.map(({ id }) => id))].sort()
  const to = lowestFor(findings, schemes[type])
  return { name, type, from, ...(to === undefined ? {} : { to }), removes }
}

/** The lowest of all fixed versions that repairs every finding. */
function lowestFor(findings: readonly Finding[], scheme: VersionScheme): string | undefined {
  const order = rangeOrderOf(scheme)
  const distinct = new Map(findings.map(({ fixedVersions }) => [fixedVersions.join('\n'), fixedVersions]))
  const parsed = new Map<string, Fix>()
  const fixOf = (text: string) => {
    const known = parsed.get(text) ?? { text, parsed: order.parse(text) }
    parsed.set(text, known)
    return known
  }
  const lists = [...distinct.values()].map((fixes) => fixes.map(fixOf))
  const isAbove = (a: Fix, b: Fix) => order.compare(a.parsed, b.parsed) > 0
  const lowest = lists.flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    return [rest.reduce((least, fix) => (isAbove(least, fix) ? fix : least), first)]
  })
  if (lowest.length < lists.length) return undefined
  // Below the lowest fix of a finding nothing repairs it: of thousands of findings most versions are out at once.
  const bound = lowest.reduce((most, fix) => (isAbove(fix, most) ? fix : most))
  return [...parsed.values()]
    .filter((candidate) => !isAbove(bound, candidate))
    .sort((a, b) => order.compare(a.parsed, b.parsed))
    .find((candidate) => lists.every((fixes) => repairs(candidate, { fixes, order })))?.text
}

interface Fix {
  readonly text: string
  readonly parsed: ParsedVersion
}

/** Between the fixes of two branches, a version is repaired when it is of the lower branch: it begins like that. */
function repairs(
  { text, parsed }: Fix,
  { fixes, order }: { readonly fixes: readonly Fix[]; readonly order: VersionOrder<ParsedVersion> },
): boolean {
  const orders = fixes.map((fix) => order.compare(fix.parsed, parsed))
  const above = orders.findIndex((each) => each > 0)
  if (above < 0 || orders.includes(0)) return true
  const below = fixes[above - 1]
  return below !== undefined && common(text, below.text) > common(text, fixes[above]?.text ?? '')
}

/** Leading parts that two versions share. */
function common(a: string, b: string): number {
  const x = a.split('.')
  const y = b.split('.')
  let count = 0
  while (count < x.length && x[count] === y[count]) count++
  return count
}

function byWorth(a: Upgrade, b: Upgrade): number {
  return (
    Number(b.to !== undefined) - Number(a.to !== undefined) ||
    b.removes.length - a.removes.length ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : a.from < b.from ? -1 : 1)
  )
}
