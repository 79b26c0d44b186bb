import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import type { PythonEnvironment } from './environment.ts'
import { holdsMarker } from './marker.ts'
import type { PythonLock } from './requirements.ts'
import { normalisedName } from './tags.ts'
import { fileNameOf, objectsOf, tomlOf } from './toml.ts'

/**
 * uv.lock: what the project itself needs, followed through the lock as far as markers hold. Groups for development that nobody wants
 * and extras that nobody asks for are left out.
 */
export function readUvLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const all = objectsOf(tomlOf(text, file)['package'])
  const byName = Map.groupBy(all, (each) => normalisedName(textOf(each['name']) ?? ''))
  const roots = all.filter(
    ({ source }) => isObject(source) && ['editable', 'virtual', 'directory'].some((key) => key in source),
  )
  if (roots.length === 0)
    throw new TemperError('bad-recipe', `${file}: expected the project itself among its packages, found none`)
  const wanted = new Map<string, WantedPackage>()
  const seen = new Set<string>()
  const queue: { readonly entry: JsonObject; readonly extras: ReadonlySet<string> }[] = roots.map(
    (entry) => ({
      entry,
      extras: new Set<string>(),
    }),
  )
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { entry, extras } = next
    const name = normalisedName(textOf(entry['name']) ?? '')
    const version = textOf(entry['version']) ?? ''
    const key = `${name} ${version} ${[...extras].sort().join()}`
    if (seen.has(key)) continue
    seen.add(key)
    const where = `${file}: ${name}`
    if (!roots.includes(entry)) wanted.set(name, uvPackage(entry, { name, version, where }))
    const needs = [
      ...objectsOf(entry['dependencies']),
      ...[...extras].flatMap((extra) => objectsOf(memberOf(entry['optional-dependencies'], extra))),
      ...(environment.dev === true && roots.includes(entry) ? groupsOf(entry) : []),
    ]
    for (const need of needs) {
      const marker = textOf(need['marker'])
      if (marker !== undefined && !holdsMarker(marker, environment, { extras, where })) continue
      const candidates = byName.get(normalisedName(textOf(need['name']) ?? '')) ?? []
      const entryOf = candidates.filter(
        (each) =>
          (need['version'] === undefined || each['version'] === need['version']) &&
          holdsAny(each['resolution-markers'], environment, where),
      )[0]
      if (entryOf === undefined)
        throw new TemperError(
          'bad-recipe',
          `${where}: it needs ${textOf(need['name']) ?? '?'}, which is not in the lock`,
        )
      const asked = itemsOf(need['extra']).flatMap((each) => textOf(each) ?? [])
      queue.push({ entry: entryOf, extras: new Set(asked) })
    }
  }
  return { packages: [...wanted.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), indices: [] }
}

/** What a project has for development, of all groups. */
function groupsOf(entry: JsonObject): readonly JsonObject[] {
  return membersOf(entry['dev-dependencies']).flatMap(([, needs]) => objectsOf(needs))
}

function holdsAny(markers: unknown, environment: PythonEnvironment, where: string): boolean {
  if (!Array.isArray(markers) || markers.length === 0) return true
  return markers.some((marker) => typeof marker === 'string' && holdsMarker(marker, environment, { where }))
}

function uvPackage(
  entry: JsonObject,
  about: { readonly name: string; readonly version: string; readonly where: string },
): WantedPackage {
  const files = objectsOf(entry['wheels']).flatMap((wheel) => {
    const url = textOf(wheel['url'])
    const hash = textOf(wheel['hash'])
    const name = url === undefined ? undefined : fileNameOf(url)
    return name === undefined || url === undefined || hash === undefined ? [] : [{ name, url, hash }]
  })
  return { ...about, files, hashes: files.map(({ hash }) => hash) }
}

/**
 * poetry.lock: everything that is not optional and, where the lock says which group it is of, is of the main one, or of any where
 * what only development needs is wanted. Markers are those that the lock has.
 */
export function readPoetryLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const packages = objectsOf(tomlOf(text, file)['package']).flatMap((entry): WantedPackage[] => {
    const name = textOf(entry['name'])
    const version = textOf(entry['version'])
    if (name === undefined || version === undefined || entry['optional'] === true) return []
    const where = `${file}: ${name}`
    const groups = itemsOf(entry['groups'])
    const isMain = (groups.length === 0 || groups.includes('main')) && entry['category'] !== 'dev'
    if (!isMain && environment.dev !== true) return []
    const wanted = environment.dev === true ? groups.filter((group) => typeof group === 'string') : ['main']
    const markers = poetryMarkers(entry['markers'], wanted)
    if (markers.length > 0 && !markers.some((marker) => holdsMarker(marker, environment, { where })))
      return []
    const files = objectsOf(entry['files']).flatMap((each) => {
      const [fileName, hash] = [textOf(each['file']), textOf(each['hash'])]
      return fileName === undefined || hash === undefined ? [] : [{ name: fileName, hash }]
    })
    return [{ name: normalisedName(name), version, files, hashes: files.map(({ hash }) => hash), where }]
  })
  return { packages, indices: [] }
}

/** One for all groups, or one for each; of a group without one everything is wanted. */
function poetryMarkers(value: unknown, groups: readonly string[]): readonly string[] {
  const whole = textOf(value)
  if (whole !== undefined) return [whole]
  const own = groups.map((group) => textOf(memberOf(value, group)))
  return own.every((marker) => marker !== undefined) ? own : []
}
