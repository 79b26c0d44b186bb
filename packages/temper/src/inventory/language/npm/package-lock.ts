import { isObject, type JsonObject, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'

/** npm's package-lock.json and npm-shrinkwrap.json, versions 1 to 3 (npm's documentation, "package-lock.json"). */
export function readPackageLock(file: FileContent): LanguageFact | undefined {
  const lock = parseJson(decodeText(file.bytes), 'package-lock.json')
  if (!isObject(lock)) return undefined
  const development = new DevelopmentCount()
  const packages = memberOf(lock, 'packages')
  const facts = isObject(packages) ? fromPackages(packages, development) : fromDependencies(lock, development)
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

/** Versions 2 and 3: by the folder that each goes to. */
function* fromPackages(
  packages: JsonObject,
  development: DevelopmentCount,
): Generator<PackageFact | undefined> {
  for (const [place, entry] of Object.entries(packages)) {
    const at = place.lastIndexOf('node_modules/')
    // The project itself, its workspaces, and links to those.
    if (at < 0 || !isObject(entry) || memberOf(entry, 'link') === true) continue
    const name = textOf(memberOf(entry, 'name')) ?? place.slice(at + 'node_modules/'.length)
    if (development.takes({ name, isDevelopment: memberOf(entry, 'dev') === true })) continue
    yield packageFact(name, memberOf(entry, 'version'), {
      licence: memberOf(entry, 'license'),
      needs: needsOf(entry, ['dependencies', 'optionalDependencies']),
    })
  }
}

/** By the names of what aliases stand for. */
function needsOf(entry: JsonObject, keys: readonly string[]): string[] {
  return keys.flatMap((key) =>
    membersOf(memberOf(entry, key)).map(([name, version]) => aliased(name, textOf(version)).name),
  )
}

/** Version 1: nested as the folders are. */
function* fromDependencies(
  node: JsonObject,
  development: DevelopmentCount,
): Generator<PackageFact | undefined> {
  for (const [key, entry] of membersOf(memberOf(node, 'dependencies'))) {
    if (!isObject(entry)) continue
    const { name, version } = aliased(key, textOf(memberOf(entry, 'version')))
    if (!development.takes({ name, isDevelopment: memberOf(entry, 'dev') === true })) {
      yield packageFact(name, version, {
        needs: needsOf(entry, ['requires']),
      })
    }
    yield* fromDependencies(entry, development)
  }
}

/** "npm:real-name@1.0.0" stands for another package; addresses of archives and repositories are no versions. */
export function aliased(
  name: string,
  version: string | undefined,
): { name: string; version: string | undefined } {
  if (version === undefined || !version.includes(':')) return { name, version }
  if (!version.startsWith('npm:')) return { name, version: undefined }
  const other = version.slice('npm:'.length)
  // yarn writes "npm:^1.0.0" for a range of the package itself.
  if (!/^@?[A-Za-z0-9_-]/.test(other) || /^v?\d/.test(other)) return { name, version: other }
  const at = other.indexOf('@', 1)
  return at < 0
    ? { name: other, version: undefined }
    : { name: other.slice(0, at), version: other.slice(at + 1) }
}
