import { type ArchiveName, type Coordinates, coordinates } from './coordinates.ts'
import { type GuessedGroup, guessGroup, isGroup, republisherOf } from './guess-group.ts'
import { knownGroup } from './known-groups.ts'
import { isOfOwner, type PublishedNames } from './published.ts'
import type { Stated } from './stated.ts'

/** The identity of an archive, and how certain it is. */
export interface ArchiveIdentity extends Coordinates {
  /** What the group was guessed from, where nothing states it. */
  readonly guessedFrom?: string
}

/** The facts about an archive without pom.properties. */
export interface ArchiveTraces {
  readonly name: ArchiveName
  readonly manifest: ReadonlyMap<string, string>
  /** The package that its classes lie in; see `packageRoot`. */
  readonly packages: string
  readonly statements: readonly Stated[]
  readonly published: PublishedNames
}

/**
 * What an archive without pom.properties is. The file name is what build tools make of artefact and version, so it goes
 * first; the manifest's attributes are free text that often names something larger (a whole product's version, a vendor).
 * - stated whole: "GROUP#ARTIFACT;VERSION" as Implementation-Title (Nebula's plugins).
 * - artefact: file name; a Jenkins plugin's Short-Name; else Implementation-Title and Bundle-SymbolicName, where
 *   they are written like an artefact's name.
 * - version: file name; else Implementation-Version, Bundle-Version, Specification-Version, Plugin-Version.
 * - group: one that is stated for this artefact (see `statements`); a group that is well known for the artefact and fits its packages; else it is guessed.
 */
export function identify(traces: ArchiveTraces): ArchiveIdentity | undefined {
  const { name, manifest } = traces
  const whole = wholeOf(manifest)
  if (whole !== undefined) return withFileName(whole, name)
  const version = name.version ?? first(manifest, versionAttributes)
  const artifact = artifactOf(name, manifest)
  if (artifact === undefined || version === undefined) return undefined
  const owner = groupOf({ artifact, version }, traces)
  const made = coordinates(owner.group, artifact, version)
  return made && (owner.from === undefined ? made : { ...made, guessedFrom: owner.from })
}

/**
 * What an archive states of itself, with what the name of its file adds: builds call a part "spi" and publish it as
 * "project-spi" or "project-spi-client", or for several Java versions as "13.6.2.jre8".
 */
export function withFileName(own: Coordinates, name: ArchiveName): ArchiveIdentity {
  if (
    name.version === own.version &&
    `-${name.artifact}-`.includes(`-${own.artifact}-`) &&
    name.artifact !== own.artifact
  )
    return { ...own, artifact: name.artifact, guessedFrom: 'file name' }
  if (name.artifact === own.artifact && name.version?.startsWith(`${own.version}.`) === true)
    return { ...own, version: name.version, guessedFrom: 'file name' }
  // A word that a build was to fill in ("VERSION", "unspecified"): no version is without a number.
  if (name.artifact === own.artifact && name.version !== undefined && !/\d/.test(own.version))
    return { ...own, version: name.version, guessedFrom: 'file name' }
  // What was built as a snapshot is published under its number without being built again.
  if (name.artifact === own.artifact && own.version === `${name.version}-SNAPSHOT`)
    return { ...own, version: own.version.replace(/-SNAPSHOT$/, ''), guessedFrom: 'file name' }
  // "payara-micro-7.jar" with "payara-micro-boot" in it: renamed, or something that was put into it.
  if (name.version !== undefined && name.artifact !== own.artifact)
    return { ...own, guessedFrom: 'the only pom' }
  // "a-2.0.jar" that says it is 1.0: one of the two is wrong.
  if (name.version !== undefined && !name.version.startsWith(own.version.replace(/-SNAPSHOT$/, '')))
    return { ...own, guessedFrom: 'pom.properties' }
  return own
}

/**
 * Whether a manifest gives an archive a name that nothing in its pom.properties has: whoever republishes another's
 * archive under a group of their own often gives it a new module name, and leaves the pom unchanged.
 */
export function isCalledOtherwise(own: Coordinates, { manifest, packages }: PomTraces): boolean {
  const artifact = letters(own.artifact)
  return namesIn(manifest).some((name) => {
    const spelled = letters(name)
    // Modules of specifications are called after Java itself.
    const isSpecification = /^(?:java|javax|jakarta)\./.test(name) && /^(?:javax|jakarta)\./.test(packages)
    const isOwn = isSpecification || spelled.includes(artifact) || artifact.includes(spelled)
    const isOfGroup = isOfOwner(own.group, name) || (packages !== '' && isOfOwner(name, packages))
    return !isOwn && !isOfGroup && !packages.split('.').includes(name)
  })
}

/**
 * Which of several poms that state the artefact in one version is the archive's own: work that is published under two groups is
 * built into each other (`jaxb-core` of `org.glassfish.jaxb` into that of `com.sun.xml.bind`). The bundle or module is called by
 * group and artefact; undefined where it is called otherwise.
 */
export function calledBy<T extends Pick<Coordinates, 'group' | 'artifact'>>(
  twins: readonly T[],
  manifest: ReadonlyMap<string, string>,
): T | undefined {
  const names = namesIn(manifest).map(letters)
  return twins.find(({ group, artifact }) => names.includes(letters(`${group}.${artifact}`)))
}

type PomTraces = Pick<ArchiveTraces, 'manifest' | 'packages'>

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Whether a manifest agrees with the name of a file but states another version. */
export function isOfAnother(
  fileStem: string,
  version: string,
  manifest: ReadonlyMap<string, string>,
): boolean {
  const own = first(manifest, versionAttributes)
  if (own === undefined || numbersOf(own) === numbersOf(version)) return false
  const names = ['bundle-name', 'implementation-title', 'specification-title']
    .map((key) => manifest.get(key))
    .concat([symbolicName(manifest), manifest.get('automatic-module-name')])
    .flatMap((name) => (name === undefined ? [] : [name, name.slice(name.lastIndexOf('.') + 1)]))
  return names.some((name) => name.toLowerCase().replaceAll(' ', '-') === fileStem.toLowerCase())
}

/** "1.0", "1.0.0" and "1.0.0.SNAPSHOT" are the same numbers. */
function numbersOf(version: string): string {
  const numbers = (/^v?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '').split('.')
  const last = numbers.findLastIndex((number) => /[^0]/.test(number))
  return numbers.slice(0, Math.max(last, 0) + 1).join('.')
}

const versionAttributes = [
  'plugin-version',
  'implementation-version',
  'bundle-version',
  'specification-version',
] as const

function wholeOf(manifest: ReadonlyMap<string, string>): Coordinates | undefined {
  const [, group, artifact, version] =
    /^([\w.-]+)#([\w.-]+);([\w.+-]+)$/.exec(manifest.get('implementation-title') ?? '') ?? []
  return coordinates(group, artifact, version)
}

function first(manifest: ReadonlyMap<string, string>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    // "5.3.20 (build 7)": the first word.
    const value = manifest.get(key)?.split(' ', 1)[0]?.replaceAll('"', '')
    if (value !== undefined && /^v?\d/.test(value)) return value
  }
  return undefined
}

function artifactOf(name: ArchiveName, manifest: ReadonlyMap<string, string>): string | undefined {
  const plugin = manifest.get('short-name')
  if (plugin !== undefined && manifest.has('plugin-version')) return plugin
  if (isArtifact(name.artifact)) return name.artifact
  return [manifest.get('implementation-title'), symbolicName(manifest)].find(isArtifact)
}

function groupOf(
  { artifact, version }: { readonly artifact: string; readonly version: string },
  { manifest, packages, statements, published }: ArchiveTraces,
): Pick<GuessedGroup, 'group'> & { readonly from?: string } {
  const plain = artifact.replace(/_(?:2\.\d+|3)$/, '')
  const stated = statements.find(
    (each) => isGroup(each.group) && [artifact, plain, undefined].includes(each.artifact),
  )
  if (stated !== undefined) {
    // What builds state of where something was before it moved.
    const known = knownGroup(artifact, version, packages)
    if (known?.others?.includes(stated.group) === true) return { group: known.group, from: 'version' }
    // The same files are published by hand and out of npm's registry.
    const isTwice = stated.group === 'org.webjars.npm' && published.groupsOf(artifact).includes('org.webjars')
    return { group: stated.group, ...(isTwice ? { from: 'published names' } : {}) }
  }
  const republished = republisherOf(artifact, { symbolicName: symbolicName(manifest), packages })
  if (republished === undefined) {
    const known = knownOf({ artifact, version }, { manifest, packages, published })
    if (known !== undefined && known.from === undefined && isMarked(version))
      return { ...known, from: 'a name that is well known, in a version that is not' }
    if (known !== undefined) return known
  }
  const guess = guessGroup(artifact, {
    symbolicName: symbolicName(manifest),
    moduleName: manifest.get('automatic-module-name'),
    vendorId: manifest.get('implementation-vendor-id'),
    packages,
  })
  const longer = guess.from === 'packages' ? published.groupOfPackages(packages) : undefined
  if (longer !== undefined) return { group: longer, from: 'packages' }
  return { group: published.groupOfOwner(guess.group) ?? guess.group, from: guess.from }
}

/** Words of versions that everybody uses. */
const usual =
  /^(?:a|alpha|android|b|beta|build|cr|dev|ea|final|fix|ga|groovy|hadoop|incubating|java|jdk|jre|m|milestone|native|p|patch|pre|preview|r|rc|release|rev|scala|snapshot|sp|spring|stable|v|x)$/i

/** Whether somebody has marked a version as theirs ("3.4.4.wso2v1", "2.14.7-sbt-9a88bc4"): who builds what others made publishes it elsewhere. */
function isMarked(version: string): boolean {
  const words = version.split('+', 1)[0]?.match(/[A-Za-z]+/g) ?? []
  // A day, as bundles have it, is no more than that behind a dot.
  // "2.2.18-1.108.0": another's version, and behind it who built it anew counts on their own.
  const isCounted = /^\d+(?:\.\d+)+-\d+(?:\.\d+)+$/.test(version)
  return isCounted || /-v\d{8}/.test(version) || words.some((word) => !usual.test(word))
}

/** A group that is well known for the artefact, or that it was published under; which of several stays a guess. */
function knownOf(
  { artifact, version }: { readonly artifact: string; readonly version: string },
  { manifest, packages, published }: Pick<ArchiveTraces, 'manifest' | 'packages' | 'published'>,
): { readonly group: string; readonly from?: string } | undefined {
  const names = namesIn(manifest)
  const known = knownGroup(artifact, version, packages)
  const match = published.groupOf(artifact, packages)
  const others = published.groupsOf(artifact)
  if (known?.byVersion === true) return { group: known.group }
  if (known !== undefined && !known.isFamily) {
    // Somebody else's name for what has its own packages: an old group, whose successor has them.
    const isElsewhere = known.anyPackages !== true && !isOfOwner(known.group, packages)
    if (match?.by === 'name' && isElsewhere && isOfOwner(match.group, packages))
      return { group: match.group, from: 'published names' }
    // Who takes over another's work keeps its packages: of several that have published one of this name, only what the archive
    // calls itself tells which it is.
    const isCalled = names.some((name) => isBelow(name, known.group))
    if (!isCalled && others.some((group) => group !== known.group))
      return { group: known.group, from: 'published names' }
    // Two have to agree: lists of names, and something in the archive.
    const last = known.group.slice(known.group.lastIndexOf('.') + 1).toLowerCase()
    const agrees =
      isCalled ||
      packages.toLowerCase().split('.').includes(last) ||
      [packages, ...names].some((name) => name !== '' && isOfOwner(known.group, name))
    return { group: known.group, ...(agrees ? {} : { from: 'a well-known name alone' }) }
  }
  if (known !== undefined && match?.isSure !== true && others.includes(known.group))
    return { group: known.group, from: 'published names' }
  if (match?.by === 'name')
    return { group: match.group, ...(match.isSure ? {} : { from: 'published names' }) }
  const family = known ?? match
  return family && { group: family.group, from: 'family of names' }
}

/** What an archive is called as a bundle and as a module. */
function namesIn(manifest: ReadonlyMap<string, string>): readonly string[] {
  return [symbolicName(manifest), manifest.get('automatic-module-name')].filter((name) => name !== undefined)
}

/** Whether a name begins as a group. */
function isBelow(name: string, group: string): boolean {
  return `${name.toLowerCase()}.`.startsWith(`${group.toLowerCase()}.`)
}

/** "org.example.thing;singleton:=true" → "org.example.thing" */
function symbolicName(manifest: ReadonlyMap<string, string>): string | undefined {
  return manifest.get('bundle-symbolicname')?.split(';', 1)[0]?.trim()
}

function isArtifact(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z][\w.-]*$/.test(text)
}
