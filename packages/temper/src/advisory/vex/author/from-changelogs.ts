import type { VexStatement } from '../../../model/advisory/vex.ts'
import type { ChangelogFix } from '../../../model/package/changelog.ts'
import { packageIdentifiers, packageProducts } from '../apply/products.ts'
import { bySource, type EvidencePackage, type ImageEvidence } from './evidence.ts'

/** Most statements of one image: an image of 400 packages has some 3,000 vulnerabilities in its changelogs. */
const statementLimit = 10_000

/**
 * States "fixed" for every vulnerability that the changelog of a package in the image names as fixed. The statements
 * cover all packages that were built from the same source in the same version: as parts of this image, and by
 * themselves, since this is true of them wherever they are. Sorted by vulnerability, then source.
 */
export function fixedStatements(evidence: ImageEvidence): readonly VexStatement[] {
  const statements: VexStatement[] = []
  for (const packages of bySource(evidence.packages).values()) {
    const groups = Map.groupBy(packages, ({ source, repository }) => `${repository} ${source.version}`)
    for (const built of groups.values()) statements.push(...statementsOf(built, evidence))
  }
  return statements.sort(byVulnerability).slice(0, statementLimit)
}

/** Packages of one source package in one version. */
function statementsOf(built: readonly EvidencePackage[], evidence: ImageEvidence): readonly VexStatement[] {
  const teller = built.find(speaksOfItself)
  if (teller?.changelog === undefined) return []
  const identifiers = built.flatMap((binary) => packageIdentifiers(binary, evidence))
  const products = packageProducts(evidence, identifiers)
  return teller.changelog.fixes.map((fix) => ({
    vulnerability: fix.id,
    aliases: [],
    products,
    status: 'fixed',
    statement: citation(fix, teller),
  }))
}

/** Whether its changelog is that of its source package in the very version that it was built from. */
function speaksOfItself({ source, changelog }: EvidencePackage): boolean {
  // A rebuild without changes adds "+b1" to the version, and its entry to the changelog.
  return (
    changelog !== undefined &&
    changelog.source === source.name &&
    changelog.version.replace(/\+b\d+$/, '') === source.version
  )
}

function citation(
  { version, entry, text }: ChangelogFix,
  { name, version: own, source, changelog }: EvidencePackage,
) {
  const place = `${entry === undefined ? '' : `entry ${entry} in `}/${changelog?.path} of ${name} ${own}`
  return `Repaired in ${source.name} ${version}: "${text}" (${place})`
}

/** By year, then number, then the rest. */
export function byVulnerability(a: VexStatement, b: VexStatement): number {
  const [x, y] = [a, b].map(({ vulnerability, products }) => {
    const [, year = '', number = ''] = /^CVE-(\d+)-(\d+)$/.exec(vulnerability) ?? []
    return `${year.padStart(8, '0')} ${number.padStart(12, '0')} ${vulnerability} ${products[0]?.subcomponents[0] ?? ''}`
  })
  return (x ?? '') < (y ?? '') ? -1 : x === y ? 0 : 1
}
