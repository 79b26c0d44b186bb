import type { Finding } from '../../../model/advisory/finding.ts'
import type { VexStatement } from '../../../model/advisory/vex.ts'
import type { PrunedPackage } from '../../../model/lock.ts'
import { imageProduct, packageIdentifiers, packageProducts } from '../apply/products.ts'
import { bySource, type EvidenceFile, type EvidencePackage, type ImageEvidence } from './evidence.ts'
import { byVulnerability } from './from-changelogs.ts'

/**
 * What the evidence makes of findings: of packages of the image, and of packages that were chosen and pruned (match
 * those too to get statements about them). Says "not_affected" only where that is provable:
 *
 * - `component_not_present`: the package was pruned, and no package of the same source is in the image.
 * - `vulnerable_code_not_present`: the packages of the source are in the package database, but of their files there is
 *   nothing in the image but documentation, and of packages whose code was left out as not reached, what lies in /etc.
 * - `vulnerable_code_not_in_execute_path`: of the packages of the source there are only shared libraries, and
 *   nothing in the image loads any of them.
 *
 * Everything else is "affected", with what to do: what a distribution defers (Debian's "no-dsa") is affected too. Where
 * a changelog names the vulnerability as repaired although the feeds say otherwise, it is "under_investigation".
 */
export function findingStatements(
  findings: readonly Finding[],
  evidence: ImageEvidence,
  fixed: readonly VexStatement[],
): readonly VexStatement[] {
  const state = { evidence, sources: bySource(evidence.packages), repaired: repairedIn(fixed) }
  const pruned = new Map(evidence.pruned.map((binary) => [binary.name, binary]))
  const statements = new Map<string, VexStatement>()
  for (const finding of findings) {
    const { component, id, aliases } = finding
    if (component.type !== evidence.packageType) continue
    const source = component.source?.name ?? component.name
    const present = state.sources
      .get(source)
      ?.find(({ name, version }) => name === component.name && version === component.version)
    const gone = pruned.get(component.name)
    const stated =
      present === undefined ? gone && ofPruned(gone, source, state) : ofPresent(present, finding, state)
    // One statement for all packages that were built of a source in one version.
    const about =
      present === undefined ? component.name : `source ${present.source.name} ${present.source.version}`
    if (stated !== undefined) statements.set(`${id} ${about}`, { vulnerability: id, aliases, ...stated })
  }
  return [...statements.values()].sort(byVulnerability)
}

interface State {
  readonly evidence: ImageEvidence
  readonly sources: ReadonlyMap<string, readonly EvidencePackage[]>
  readonly repaired: ReadonlyMap<string, string>
}

type Stated = Pick<VexStatement, 'status' | 'justification' | 'statement' | 'products'>

/** Of a package that was left out. Undefined when another package of its source is in the image: nothing is provable. */
function ofPruned(gone: PrunedPackage, source: string, { evidence, sources }: State): Stated | undefined {
  const { name, reason } = gone
  if (gone.source === undefined) return undefined
  // The lock says what it was built from: advisories may not.
  if (sources.has(source) || sources.has(gone.source.name)) return undefined
  return {
    status: 'not_affected',
    justification: 'component_not_present',
    statement: `${name} was left out of the image (${reason}), and no other package of the source ${source} is in it`,
    products: [imageProduct(evidence, packageIdentifiers(gone, evidence))],
  }
}

function ofPresent(binary: EvidencePackage, finding: Finding, state: State): Stated {
  const { evidence, sources } = state
  const { name, version } = binary.source
  const all = sources.get(name) ?? []
  const same = all.filter(({ source }) => source.version === version)
  const about = same.flatMap((each) => packageIdentifiers(each, evidence))
  return {
    ...(unreachableWords(name, all, evidence) ?? openWords(finding, name, state.repaired)),
    products: packageProducts(evidence, about),
  }
}

type Words = Pick<VexStatement, 'status' | 'justification' | 'statement'>

/** The source packages in which changelogs say that a vulnerability is repaired: "CVE-… libssl3t64's purl". */
function repairedIn(fixed: readonly VexStatement[]): ReadonlyMap<string, string> {
  const repairs = new Map<string, string>()
  for (const { vulnerability, products, statement = '' } of fixed)
    for (const { id } of products) repairs.set(`${vulnerability} ${nameIn(id)}`, statement)
  return repairs
}

/** The name of the package in a package URL that this module wrote. */
function nameIn(purl: string): string {
  return decodeURIComponent(/\/([^/@?]+)@/.exec(purl)?.[1] ?? '')
}

/** Of packages that are listed as installed, by their files. Undefined when there is code that may run. */
function unreachableWords(
  source: string,
  present: readonly EvidencePackage[],
  { unloaded }: ImageEvidence,
): Words | undefined {
  const names = present.map(({ name }) => name).join(', ')
  const files = present.flatMap((binary) => binary.files.filter((file) => !isLeftover(file, binary)))
  if (files.length === 0) {
    const settings = present.some((binary) => binary.files.length > 0) ? ' and configuration' : ''
    return {
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
      statement: `No file of the packages of the source ${source} (${names}) is in the image but documentation${settings}${leftOutWords(present)}`,
    }
  }
  const libraries = files.filter(({ kind }) => kind === 'library')
  const isUnloaded = libraries.length > 0 && libraries.every(({ path }) => unloaded.has(path))
  if (!isUnloaded || files.some(({ kind }) => kind === 'program')) return undefined
  const paths = libraries.map(({ path }) => `/${path}`).join(', ')
  return {
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    statement:
      `The source ${source} brings only shared libraries (${paths}): no program in the image loads them, directly or ` +
      'through others, and none of them can open libraries at run time',
  }
}

/** Configuration of a package whose code was left out: nothing is left that would read it. */
function isLeftover({ path, kind }: EvidenceFile, { unreached = [] }: EvidencePackage): boolean {
  return kind === 'other' && path.startsWith('etc/') && unreached.length > 0
}

/** Most files that a statement names. */
const named = 5

function leftOutWords(present: readonly EvidencePackage[]): string {
  const paths = present.flatMap(({ unreached = [] }) => unreached)
  if (paths.length === 0) return ''
  const told = paths.slice(0, named).map((path) => `/${path}`)
  const more = paths.length > named ? ` and ${paths.length - named} more` : ''
  return `: nothing that the image starts reaches ${told.join(', ')}${more}, so it was left out`
}

const deferred =
  'The distribution defers the repair: it will come with a point release, not as a security update. There is nothing to update to yet'

function openWords(finding: Finding, source: string, repaired: ReadonlyMap<string, string>): Words {
  const { id, component, fixedVersions, unfixed, feeds } = finding
  const says = repaired.get(`${id} ${component.name}`)
  const from = `according to ${feeds.join(', ')}`
  if (says !== undefined) {
    return {
      status: 'under_investigation',
      statement: `${says}; yet ${source} ${component.source?.version ?? component.version} is affected ${from}`,
    }
  }
  const [lowest] = fixedVersions
  if (lowest !== undefined)
    return { status: 'affected', statement: `Update ${component.name} to ${lowest} (${from})` }
  if (unfixed === 'deferred') return { status: 'affected', statement: `${deferred} (${from})` }
  if (unfixed === 'wont-fix')
    return { status: 'affected', statement: `The distribution will not repair it (${from})` }
  return { status: 'affected', statement: `No repaired version is known yet (${from})` }
}
