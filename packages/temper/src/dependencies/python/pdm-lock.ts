import { isObject, itemsOf, type JsonObject, membersOf, textOf } from '../../base/json/value.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import type { PythonEnvironment } from './environment.ts'
import { holdsMarker } from './marker.ts'
import type { PythonLock } from './requirements.ts'
import { normalisedName } from './tags.ts'
import { fileNameOf, objectsOf, tomlOf } from './toml.ts'

/**
 * pdm.lock: the group "default", or all groups where what only development needs is wanted; where the lock says nothing of groups,
 * everything. A package with extras has an entry of its own, of the same files.
 */
export function readPdmLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const wanted = new Map<string, WantedPackage>()
  for (const entry of objectsOf(tomlOf(text, file)['package'])) {
    const [name, version] = [textOf(entry['name']), textOf(entry['version'])]
    if (name === undefined || version === undefined) continue
    const where = `${file}: ${name}`
    const groups = itemsOf(entry['groups'])
    if (groups.length > 0 && !groups.includes('default') && environment.dev !== true) continue
    const marker = textOf(entry['marker'])
    if (marker !== undefined && !holdsMarker(marker, environment, { where })) continue
    const files = objectsOf(entry['files']).flatMap((each) => {
      const [url, hash] = [textOf(each['url']), textOf(each['hash'])]
      const own = textOf(each['file']) ?? (url === undefined ? undefined : fileNameOf(url))
      if (own === undefined || hash === undefined) return []
      return [{ name: own, hash, ...(url === undefined ? {} : { url }) }]
    })
    const key = normalisedName(name)
    wanted.set(key, { name: key, version, files, hashes: files.map(({ hash }) => hash), where })
  }
  return { packages: [...wanted.values()], indices: [] }
}

/**
 * pylock.toml (PyPA, "pylock.toml Specification"): the packages whose marker holds for the default groups, or for all groups where what only
 * development needs is wanted. Wheels of an index are looked for there, by their digests, as not every tool writes where they are.
 */
export function readPylock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const lock = tomlOf(text, file)
  const groups = new Set(
    [
      ...itemsOf(lock['default-groups']),
      ...(environment.dev === true ? itemsOf(lock['dependency-groups']) : []),
    ].flatMap((each) => textOf(each) ?? []),
  )
  const indices = new Set<string>()
  const packages = objectsOf(lock['packages']).flatMap((entry): WantedPackage[] => {
    const [name, version] = [textOf(entry['name']), textOf(entry['version'])]
    // The project itself, and folders and repositories, have no version.
    if (name === undefined || version === undefined) return []
    const where = `${file}: ${name}`
    const marker = textOf(entry['marker'])
    if (marker !== undefined && !holdsMarker(marker, environment, { groups, where })) return []
    const index = textOf(entry['index'])
    if (index !== undefined) indices.add(index)
    const wheels = objectsOf(entry['wheels'])
    const hashes = wheels.flatMap((wheel) => sha256Of(wheel['hashes']))
    const files = index === undefined ? wheels.flatMap(wheelOf) : []
    return [{ name: normalisedName(name), version, files, hashes, where }]
  })
  return { packages, indices: [...indices] }
}

function wheelOf(wheel: JsonObject): WantedPackage['files'] {
  const url = textOf(wheel['url'])
  const name = textOf(wheel['name']) ?? (url === undefined ? undefined : fileNameOf(url))
  const [hash] = sha256Of(wheel['hashes'])
  return name === undefined || url === undefined || hash === undefined ? [] : [{ name, url, hash }]
}

function sha256Of(hashes: unknown): readonly string[] {
  if (!isObject(hashes)) return []
  return membersOf(hashes).flatMap(([kind, value]) => (kind === 'sha256' ? [`sha256:${String(value)}`] : []))
}
