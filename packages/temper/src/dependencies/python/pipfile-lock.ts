import { TemperError } from '../../base/error.ts'
import { itemsOf, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import { readLockJson } from '../lock-json.ts'
import type { PythonEnvironment } from './environment.ts'
import { holdsMarker } from './marker.ts'
import type { PythonLock } from './requirements.ts'
import { normalisedName } from './tags.ts'

/** Pipfile.lock: its default section, that for development where it is wanted, and the index that it names. */
export function readPipfileLock(text: string, environment: PythonEnvironment, file: string): PythonLock {
  const lock = readLockJson(text, file)
  const wanted = new Map([
    ...(environment.dev === true ? membersOf(lock['develop']) : []),
    ...membersOf(lock['default']),
  ])
  const packages = [...wanted].flatMap(([name, entry]): WantedPackage[] => {
    const where = `${file}: ${name.slice(0, 100)}`
    const version = textOf(memberOf(entry, 'version'))?.replace(/^={2,3}/, '')
    if (version === undefined)
      throw new TemperError('bad-recipe', `${where}: expected one version, found something else`, {
        hint: 'Folders, files and repositories cannot be verified: build them in a step.',
      })
    const markers = textOf(memberOf(entry, 'markers'))
    if (markers !== undefined && !holdsMarker(markers, environment, { where })) return []
    const hashes = itemsOf(memberOf(entry, 'hashes')).flatMap((each) => textOf(each) ?? [])
    return [{ name: normalisedName(name), version, hashes, files: [], where }]
  })
  const sources = itemsOf(memberOf(lock['_meta'], 'sources'))
  return { packages, indices: sources.flatMap((each) => textOf(memberOf(each, 'url')) ?? []) }
}
