/** The facts besides an artefact's name that show its group. */
export interface GroupTraces {
  readonly symbolicName?: string | undefined
  readonly moduleName?: string | undefined
  readonly vendorId?: string | undefined
  /** See `packageRoot`. */
  readonly packages: string
}

export interface GuessedGroup {
  readonly group: string
  /** What it was guessed from. */
  readonly from:
    | 'Implementation-Vendor-Id'
    | 'Bundle-SymbolicName'
    | 'Automatic-Module-Name'
    | 'packages'
    | 'file name'
}

/** Domains under which many projects have a group of their own. */
const hosts =
  /^(?:org\.(?:apache|eclipse|codehaus|jboss|glassfish|hibernate|springframework|wildfly|ow2|sonatype)|com\.(?:google|github|gitlab|sun|microsoft|ibm|oracle|netflix|squareup|typesafe|twitter|alibaba|fasterxml|googlecode|sap)|io\.(?:github|gitlab|micronaut|helidon|quarkiverse|smallrye|dropwizard)|net\.(?:java|sf|sourceforge|java\.dev)|software\.amazon|tools\.jackson|[a-z]{2}\.(?:co|com|org|net|ac|gov|edu))$/

/**
 * Guesses the group of an artefact whose archive does not say it. Projects name groups by domains: what begins packages and
 * names of modules.
 */
export function guessGroup(artifact: string, traces: GroupTraces): GuessedGroup {
  const words = artifact
    .replace(/_(?:2\.\d+|3)$/, '')
    .toLowerCase()
    .split(/[-_.]/)
  const { vendorId, symbolicName, moduleName, packages } = traces
  const republished = republisherOf(artifact, traces)
  if (republished !== undefined) return { group: republished, from: 'Bundle-SymbolicName' }
  if (isGroup(vendorId) && isDomain(vendorId.split('.')) && agrees(vendorId, packages))
    return { group: vendorId, from: 'Implementation-Vendor-Id' }
  const named = isGroup(symbolicName) ? fromName(symbolicName, words) : undefined
  if (named !== undefined) return { group: named, from: 'Bundle-SymbolicName' }
  // Who publishes another's packages under a name of their own says so there.
  if (isGroup(moduleName) && isForeign(moduleName, packages))
    return { group: ownerOf(fromName(moduleName, words) ?? moduleName, words), from: 'Automatic-Module-Name' }
  const module = isGroup(moduleName) && agrees(moduleName, packages) ? fromName(moduleName, words) : undefined
  // Modules are named by their packages, which say more than the group.
  if (module !== undefined) return { group: ownerOf(module, words), from: 'Automatic-Module-Name' }
  if (packages.includes('.')) return { group: ownerOf(packages, words), from: 'packages' }
  for (const [name, from] of [
    [vendorId, 'Implementation-Vendor-Id'],
    [symbolicName, 'Bundle-SymbolicName'],
    [moduleName, 'Automatic-Module-Name'],
  ] as const)
    if (isGroup(name)) return { group: domainOf(name.split('.')), from }
  return { group: artifact, from: 'file name' }
}

/**
 * Who republishes somebody else's packages: the owner whose name precedes the artefact's in the bundle name
 * ("com.github.mwiede.jsch" for com.jcraft's packages). Undefined when packages and bundle belong to one owner.
 */
export function republisherOf(
  artifact: string,
  { symbolicName, packages }: Pick<GroupTraces, 'symbolicName' | 'packages'>,
): string | undefined {
  if (!isGroup(symbolicName) || !symbolicName.endsWith(`.${artifact}`)) return undefined
  const group = symbolicName.slice(0, -artifact.length - 1)
  return isDomain(group.split('.')) && packages.includes('.') && isForeign(group, packages)
    ? group
    : undefined
}

/**
 * What stands in a name of a module before the artefact's own: bnd and Maven's bundle plugin write GROUP.ARTIFACT, without
 * what both have in common ("org.x" and "x-core" are "org.x.core"). Undefined when the name does not end as the artefact.
 */
function fromName(name: string, words: readonly string[]): string | undefined {
  const parts = name.split('.')
  const spelled = words.join('')
  for (let start = 1; start < parts.length; start++) {
    const rest = parts.slice(start).join('').toLowerCase().replace(/[-_]/g, '')
    if (rest !== spelled) continue
    const before = parts.slice(0, start)
    // "org.x.core" of "x-core": the first word is the last of the group.
    const shared = words.length > 1 && parts[start]?.toLowerCase() === words[0] && parts.length - start > 1
    if (shared)
      return isDomain(parts.slice(0, start + 1))
        ? parts.slice(0, start + 1).join('.')
        : domainOf(parts.slice(0, start + 2))
    const isHost =
      before.at(-1)?.toLowerCase() === words[0] && before.length > 1 && /[-_]/.test(parts[start] ?? '')
    return isDomain(before) || isHost ? before.join('.') : name
  }
  return undefined
}

/** What parts of other projects are called after, since they serve it. */
const served = new Set([
  'android',
  'gradle',
  'guice',
  'jackson',
  'junit',
  'kotlin',
  'kubernetes',
  'maven',
  'netty',
  'openshift',
  'r2dbc',
  'scala',
  'servlet',
  'spring',
])

/**
 * The domain, and what follows it when the artefact is called by that: a project of several parts has a group of its own
 * ("org.x.fray" of "fray-runtime", "com.x.javaformat" of "x-java-format").
 */
function ownerOf(name: string, words: readonly string[]): string {
  const parts = name.split('.')
  const domain = domainOf(parts).split('.')
  const next = parts[domain.length]
  const project = next?.toLowerCase()
  // Two letters are in many names by chance.
  if (next === undefined || project === undefined || project.length < 3 || served.has(project))
    return domain.join('.')
  const [first, ...rest] = words
  // What is called as the domain is has its parts there: "vertx-codegen" in "io.vertx.codegen". Unless two words are one.
  const isOfDomain = isCalled(domain.at(-1)?.toLowerCase(), first)
  const isProject =
    (project === first && rest.length > 0 && !isOfDomain) ||
    rest.some((_, last) => (last > 0 || !isOfDomain) && rest.slice(0, last + 1).join('') === project)
  return isProject ? [...domain, next].join('.') : domain.join('.')
}

/** Whether a domain is that of a project: "flywaydb" of "flyway", "springframework" of "spring". */
function isCalled(domain: string | undefined, project: string | undefined): boolean {
  if (domain === undefined || project === undefined) return false
  return domain === project || (project.length > 3 && domain.startsWith(project))
}

/** The first parts that are a domain of one owner: two, or three below a host of many. */
export function domainOf(parts: readonly string[]): string {
  for (let length = 2; length < parts.length; length++)
    if (isDomain(parts.slice(0, length))) return parts.slice(0, length).join('.')
  return parts.join('.')
}

function isDomain(parts: readonly string[]): boolean {
  return parts.length >= 2 && !hosts.test(parts.join('.'))
}

/** Whether a name and packages are of one owner; a name alone is believed. */
function agrees(name: string, packages: string): boolean {
  if (!packages.includes('.')) return true
  const [a, b] = [name, packages].map((text) => text.toLowerCase().split('.').slice(0, 2).join('.'))
  return a === b
}

/** Whether a name is of a domain for certain, and of another than the packages are. */
function isForeign(name: string, packages: string): boolean {
  return topLevels.test(name) && !agrees(name, packages)
}

/** How domains begin: packages may begin with any word ("okio", "kotlin.text"). */
export const topLevels =
  /^(?:com|org|net|io|dev|edu|ai|app|eu|de|fr|ch|uk|info|me|tech|cloud|software|tools)\./

export function isGroup(text: string | undefined): text is string {
  return text !== undefined && /^[a-z][\w-]*(\.[\w-]+)+$/i.test(text)
}
