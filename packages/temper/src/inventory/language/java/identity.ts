import { type ArchiveName, type Coordinates, coordinates } from './coordinates.ts'
import { knownGroup } from './known-groups.ts'

/**
 * What an archive without pom.properties is, by its manifest and its file name. The file name is what build tools
 * make of artefact and version, so it goes first; the manifest's attributes are free text that often names
 * something larger (a whole product's version, a vendor).
 * - artefact: file name; a Jenkins plugin's Short-Name; else Implementation-Title and Bundle-SymbolicName, where
 *   they are written like an artefact's name.
 * - version: file name; else Implementation-Version, Bundle-Version, Specification-Version, Plugin-Version.
 * - group: Group-Id (Jenkins); a group that is well known for the artefact; Implementation-Vendor-Id; what stands
 *   before the artefact in Bundle-SymbolicName or Automatic-Module-Name; else the artefact's own name, as many old
 *   artefacts have it.
 */
export function identify(name: ArchiveName, manifest: ReadonlyMap<string, string>): Coordinates | undefined {
  const version = name.version ?? first(manifest, versionAttributes)
  const artifact = artifactOf(name, manifest)
  if (artifact === undefined || version === undefined) return undefined
  return coordinates(groupOf({ artifact, version }, manifest), artifact, version)
}

const versionAttributes = [
  'plugin-version',
  'implementation-version',
  'bundle-version',
  'specification-version',
] as const

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
  { artifact, version }: { artifact: string; version: string },
  manifest: ReadonlyMap<string, string>,
): string {
  const vendor = manifest.get('implementation-vendor-id')
  const stated =
    manifest.get('group-id') ?? knownGroup(artifact, version) ?? (isGroup(vendor) ? vendor : undefined)
  if (stated !== undefined) return stated
  for (const longName of [symbolicName(manifest), manifest.get('automatic-module-name')]) {
    const dotted = artifact.replaceAll('-', '.')
    const end = [`.${artifact}`, `.${dotted}`].find((ending) => longName?.endsWith(ending))
    if (longName !== undefined && end !== undefined) return longName.slice(0, -end.length)
    if (isGroup(longName)) return longName
  }
  return artifact
}

/** "org.example.thing;singleton:=true" → "org.example.thing" */
function symbolicName(manifest: ReadonlyMap<string, string>): string | undefined {
  return manifest.get('bundle-symbolicname')?.split(';', 1)[0]?.trim()
}

function isArtifact(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z][\w.-]*$/.test(text)
}

function isGroup(text: string | undefined): text is string {
  return text !== undefined && /^[a-z][\w-]*(\.[\w-]+)+$/i.test(text)
}
