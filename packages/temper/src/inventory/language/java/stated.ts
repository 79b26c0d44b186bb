import { tryJson } from '../../../base/json/parse.ts'
import { memberOf, textOf } from '../../../base/json/value.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'

/** What an archive says about itself outside pom.properties: a group, usually with its artefact. */
export interface Stated {
  readonly group: string
  /** Absent: that of the archive, whichever it is. */
  readonly artifact?: string
  readonly version?: string
}

/** The parts of an archive that are looked at. */
export interface StatedIn {
  readonly names: readonly string[]
  readonly manifest: ReadonlyMap<string, string>
  /** Text of a file inside; undefined when there is none, or it is larger than a text is. */
  text(name: string): string | undefined
}

/** Attributes that hold a group, with those for the artefact (Vert.x, Google, Jdbi, Jenkins). */
const attributes = [
  ['group-id', 'artifact-id'],
  ['groupid', 'artifactid'],
  ['maven-group-id', 'maven-artifact-id'],
  ['maven-groupid', 'maven-artifactid'],
  ['project-groupid', 'project-artifactid'],
] as const

/**
 * The statements of build tools, the most telling first. Each counts only when it carries the name of the
 * archive: files of other archives that were put into it lie in the same places.
 */
export function statements(archive: StatedIn): readonly Stated[] {
  return [
    ...fromManifest(archive.manifest),
    ...fromFolders(archive.names),
    ...fromQuarkus(archive),
    ...fromMavenPlugin(archive),
    ...fromBuildInfo(archive),
    ...fromDocuments(archive),
    ...fromAssets(archive.names),
    ...fromKotlin(archive.names),
  ]
}

/** "GROUP#ARTIFACT;VERSION" of Nebula's plugins, "GROUP:ARTIFACT" of a name of Maven's, and attributes of the group alone. */
function fromManifest(manifest: ReadonlyMap<string, string>): readonly Stated[] {
  const whole = ['implementation-title', 'name'].flatMap((key) =>
    stated(/^([\w.-]+)[#:]([\w.-]+)(?:[;:]([\w.+-]+))?$/.exec(manifest.get(key) ?? '')),
  )
  // Under any attribute: "maven:GROUP:ARTIFACT", "GROUP:ARTIFACT:VERSION".
  const named = [...manifest].flatMap(([key, value]) =>
    value.length > 500 || key === 'implementation-title' || key === 'name'
      ? []
      : stated(/^(?:maven:)?([A-Za-z][\w-]*(?:\.[\w-]+)+):([\w.-]+)(?::([\w.+-]+))?$/.exec(value)),
  )
  const apart = attributes.flatMap(([groupKey, artifactKey]) => {
    const [group, artifact] = [manifest.get(groupKey), manifest.get(artifactKey)]
    return group === undefined ? [] : [{ group, ...(artifact === undefined ? {} : { artifact }) }]
  })
  return [...whole, ...named, ...apart]
}

/** `META-INF/native-image/GROUP/ARTIFACT/…` for GraalVM, `META-INF/GROUP/ARTIFACT/…`, `META-INF/GROUP_ARTIFACT.version` of Android. */
function fromFolders(names: readonly string[]): readonly Stated[] {
  const byName = new Map<string, Stated>()
  for (const name of names) {
    if (!name.startsWith('META-INF/') || name.length > nameLimit) continue
    const match =
      /^META-INF\/(?:native-image\/)?(\w+(?:[.-]\w+)*\.\w[\w-]*)\/([\w.-]+)\/./.exec(name) ??
      /^META-INF\/(\w+(?:\.\w+)+)_([\w.-]+)\.version$/.exec(name)
    for (const each of stated(match)) byName.set(`${each.group}:${each.artifact}`, each)
    if (byName.size >= folderLimit) break
  }
  return [...byName.values()]
}

const folderLimit = 1000

/** Longer names are no coordinates, and the patterns take time that grows with the square of a name. */
const nameLimit = 512

/** Extensions of Quarkus name themselves, and the part that is needed only while something is built. */
function fromQuarkus({ text }: StatedIn): readonly Stated[] {
  const extension = /^artifact:\s*"?([\w.-]+):([\w.-]+):/m.exec(text('META-INF/quarkus-extension.yaml') ?? '')
  const deployment = /^deployment-artifact=([\w.-]+)\\?:([\w.-]+)-deployment\\?:/m.exec(
    text('META-INF/quarkus-extension.properties') ?? '',
  )
  return [...stated(extension), ...stated(deployment)]
}

/** Plugins of Maven, whoever built them: Gradle writes no pom.properties, but no plugin works without this. */
function fromMavenPlugin({ text }: StatedIn): readonly Stated[] {
  // What stands before the goals is of the plugin itself.
  const head = (text('META-INF/maven/plugin.xml') ?? '').slice(0, 16_384).split('<mojos>', 1)[0] ?? ''
  const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((name) =>
    word(head.split(`<${name}>`, 2)[1]?.split('<', 1)[0]),
  )
  if (group === undefined || artifact === undefined) return []
  return [{ group, artifact, ...(version === undefined ? {} : { version }) }]
}

function word(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed !== undefined && /^[\w.+-]+$/.test(trimmed) ? trimmed : undefined
}

/** Of applications of Spring Boot. */
function fromBuildInfo({ text }: StatedIn): readonly Stated[] {
  const info =
    text('META-INF/build-info.properties') ?? text('BOOT-INF/classes/META-INF/build-info.properties')
  const lines = new Map<string, string>()
  for (const line of (info ?? '').split('\n', 1000)) {
    const [key = '', value = ''] = line.split('=', 2)
    lines.set(key.trim(), value)
  }
  const [group, artifact, version] = ['group', 'artifact', 'version'].map((key) =>
    word(lines.get(`build.${key}`)),
  )
  if (group === undefined || artifact === undefined) return []
  return [{ group, artifact, ...(version === undefined ? {} : { version }) }]
}

/** Bills of materials (CycloneDX JSON) that builds put into their archives: of whom they are. */
function fromDocuments({ names, text }: StatedIn): readonly Stated[] {
  return names
    .filter((name) => /^META-INF\/sbom\/[^/]+\.json$/.test(name))
    .slice(0, 3)
    .flatMap((name) => {
      const component = memberOf(memberOf(tryJson(text(name)), 'metadata'), 'component')
      const purl = parsePurl(textOf(memberOf(component, 'purl')) ?? '')
      if (purl?.type !== 'maven' || purl.namespace === undefined) return []
      const { namespace: group, name: artifact, version } = purl
      return [{ group, artifact, ...(version === undefined ? {} : { version }) }]
    })
}

/** Packages for browsers that were published again as archives: in folders by name and version. */
function fromAssets(names: readonly string[]): readonly Stated[] {
  for (const name of names) {
    const npm = /^META-INF\/resources\/webjars\/([^/]+)\/([^/]+)\/package\.json$/.exec(name)
    if (npm !== null) return [{ group: 'org.webjars.npm', artifact: npm[1] ?? '', version: npm[2] ?? '' }]
    const [, artifact, version] = /^META-INF\/resources\/_static\/([^/@]+)\/(\d[^/]*)\/./.exec(name) ?? []
    if (artifact !== undefined && version !== undefined) return [{ group: 'org.mvnpm', artifact, version }]
  }
  return []
}

/**
 * `META-INF/GROUP_MODULE.kotlin_module`, as Gradle calls modules of Kotlin in builds of several projects: the group is that of the
 * archive, where there is no other module.
 */
function fromKotlin(names: readonly string[]): readonly Stated[] {
  const modules = names.filter((name) => name.endsWith('.kotlin_module') && name.startsWith('META-INF/'))
  const group = /^META-INF\/([A-Za-z][A-Za-z\d-]*(?:\.[A-Za-z\d-]+)+)_[\w.-]+\.kotlin_module$/.exec(
    modules[0] ?? '',
  )?.[1]
  return group === undefined || modules.length > 1 ? [] : [{ group }]
}

function stated(match: RegExpExecArray | null): readonly Stated[] {
  const [, group, artifact, version] = match ?? []
  if (group === undefined || artifact === undefined) return []
  return [{ group, artifact, ...(version === undefined ? {} : { version }) }]
}
