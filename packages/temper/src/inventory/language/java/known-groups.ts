import { comGroups } from './groups/com.ts'
import { orgGroups } from './groups/org.ts'
import { apacheGroups } from './groups/org-apache.ts'
import { otherGroups } from './groups/other.ts'

interface Known {
  readonly group: string
  /** Its packages are under a name of somebody else. */
  readonly anyPackages: boolean
}

/**
 * Groups of artefacts that are often found and whose archives do not say theirs, since Gradle, Ant, sbt or bnd made them.
 * Lists have a group a line: names, or what names begin with before a "*"; "!" behind one whose packages do not begin as
 * the group. Facts of Maven's central repository.
 */
const exact = new Map<string, Known>()
const prefixes = new Map<string, Known>()
for (const line of [comGroups, apacheGroups, orgGroups, otherGroups].join('').split('\n')) {
  const colon = line.indexOf(':')
  if (colon < 0) continue
  const group = line.slice(0, colon)
  for (const word of line
    .slice(colon + 1)
    .split(' ')
    .filter((each) => each !== '')) {
    const known = { group, anyPackages: word.endsWith('!') }
    const name = word.replace(/!$/, '')
    if (name.endsWith('*')) prefixes.set(name.slice(0, -1), known)
    else exact.set(name, known)
  }
}

/** Artefacts that have moved to another group, with the first version there. */
const moved: Readonly<Record<string, readonly { readonly until: number; readonly group: string }[]>> = {
  dom4j: [
    { until: 2, group: 'dom4j' },
    { until: Infinity, group: 'org.dom4j' },
  ],
  'hibernate-core': [
    { until: 6, group: 'org.hibernate' },
    { until: Infinity, group: 'org.hibernate.orm' },
  ],
  'hibernate-validator': [
    { until: 6, group: 'org.hibernate' },
    { until: Infinity, group: 'org.hibernate.validator' },
  ],
  javassist: [
    { until: 3.12, group: 'javassist' },
    { until: Infinity, group: 'org.javassist' },
  ],
  'jackson-core': [
    { until: 3, group: 'com.fasterxml.jackson.core' },
    { until: Infinity, group: 'tools.jackson.core' },
  ],
  'jackson-databind': [
    { until: 3, group: 'com.fasterxml.jackson.core' },
    { until: Infinity, group: 'tools.jackson.core' },
  ],
  jdom: [
    { until: 1.1, group: 'jdom' },
    { until: Infinity, group: 'org.jdom' },
  ],
  rxjava: [
    { until: 2, group: 'io.reactivex' },
    { until: 3, group: 'io.reactivex.rxjava2' },
    { until: Infinity, group: 'io.reactivex.rxjava3' },
  ],
  velocity: [
    { until: 1.5, group: 'velocity' },
    { until: Infinity, group: 'org.apache.velocity' },
  ],
  hsqldb: [
    { until: 2, group: 'hsqldb' },
    { until: Infinity, group: 'org.hsqldb' },
  ],
  ehcache: [
    { until: 3, group: 'net.sf.ehcache' },
    { until: Infinity, group: 'org.ehcache' },
  ],
  jline: [
    { until: 3, group: 'jline' },
    { until: Infinity, group: 'org.jline' },
  ],
  groovy: [
    { until: 4, group: 'org.codehaus.groovy' },
    { until: Infinity, group: 'org.apache.groovy' },
  ],
}

/** Parts that move together with another artefact. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^groovy-/, 'groovy'],
  [
    /^hibernate-(?:agroal|c3p0|community-dialects|envers|graalvm|hikaricp|jcache|micrometer|spatial|testing|vector)$/,
    'hibernate-core',
  ],
]

export interface KnownGroup {
  readonly group: string
  /** Known by what its name begins with: most of a family are of one group, not all. */
  readonly isFamily: boolean
}

/**
 * The group of an artefact by its name and version, where it is well known; `packages` are those of the archive ("org.h2"),
 * empty where they are not known. Undefined where they are of somebody else, who gave the same name to another thing.
 */
export function knownGroup(artifact: string, version: string, packages: string): KnownGroup | undefined {
  const name = artifact.replace(/_(?:2\.\d+|3)$/, '')
  if (/^maven-.+-plugin$/.test(name)) return { group: 'org.apache.maven.plugins', isFamily: true }
  const key = families.find(([pattern]) => pattern.test(name))?.[1] ?? name
  const groups = Object.hasOwn(moved, key) ? moved[key] : undefined
  if (groups !== undefined) {
    const group = groups.find(({ until }) => Number.parseFloat(version) < until)?.group
    return group === undefined ? undefined : { group, isFamily: false }
  }
  const single = exact.get(artifact) ?? exact.get(name)
  const known = single ?? longestPrefix(artifact)
  if (known === undefined || !(known.anyPackages || fits(known.group, artifact, packages))) return undefined
  return { group: known.group, isFamily: single === undefined }
}

function longestPrefix(artifact: string): Known | undefined {
  for (let length = artifact.length; length > 1; length--) {
    const known = prefixes.get(artifact.slice(0, length))
    if (known !== undefined) return known
  }
  return undefined
}

/** Names that any project gives to its parts. */
const common =
  /^(?:annotations?|api|auth|client|common|config|core|js|json|markdown|standard|sql|transport|utils?|value)(?:-.*)?$/

/** Whether packages are not those of somebody else. Old groups are no domains ("junit"), and nor are some packages ("okio"). */
function fits(group: string, artifact: string, packages: string): boolean {
  const owner = packages.toLowerCase().split('.').slice(0, 2)
  if (owner.length < 2 || !/^(?:[a-z]{2}|com|org|net|edu|dev|app|info)$/.test(owner[0] ?? '')) return true
  return group.toLowerCase().startsWith(owner.join('.')) || (!group.includes('.') && !common.test(artifact))
}
