import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject, membersOf, textOf } from '../../base/json/value.ts'
import type { Architecture } from '../../model/platform.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import { readLockJson } from '../lock-json.ts'

/** A package of npm, with the folder that it goes to. */
export interface NpmPackage extends WantedPackage {
  readonly place: string
  /** Its install script stays unrun. */
  readonly hasInstallScript: boolean
}

export interface NpmEnvironment {
  readonly architecture: Architecture
  readonly libc: 'glibc' | 'musl'
}

/** Names that registries have, some of them of old. */
const namePattern = /^(?:@[a-zA-Z0-9~_-][a-zA-Z0-9._~-]{0,213}\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]{0,213}$/

/** A place below a project: node_modules, once or nested, with a name that may have a scope. */
const placePattern =
  /^node_modules\/(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]*(?:\/node_modules\/(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]*)*$/

/**
 * package-lock.json or npm-shrinkwrap.json, version 2 or 3: what is needed to run the project on a platform. Packages for
 * development, and optional ones for other machines, are left out. Throws `bad-recipe`.
 */
export function readPackageLock(
  text: string,
  environment: NpmEnvironment,
  file: string,
): readonly NpmPackage[] {
  const lock = readLockJson(text, file)
  if (!isObject(lock['packages']))
    throw new TemperError('bad-recipe', `${file}: expected a lock of version 2 or 3, found none`, {
      hint: 'npm install --package-lock-only --lockfile-version 3 brings it up to date.',
    })
  return membersOf(lock['packages']).flatMap(([place, entry]): NpmPackage[] => {
    if (place === '' || !isObject(entry)) return []
    const where = `${file}: ${place.slice(0, 200)}`
    // "peer" and "devOptional" are installed for production too, the latter where they fit (npm, arborist).
    if (entry['dev'] === true) return []
    if (entry['inBundle'] === true || entry['bundled'] === true) return []
    if (!fits(entry, environment)) {
      if (entry['optional'] === true || entry['devOptional'] === true) return []
      throw new TemperError(
        'bad-recipe',
        `${where}: is for other machines, and the project cannot do without it`,
      )
    }
    const [version, url] = [textOf(entry['version']), textOf(entry['resolved'])]
    if (
      !placePattern.test(place) ||
      place.length > 1000 ||
      place.split('/').some((part) => /^\.{1,2}$/.test(part))
    )
      throw new TemperError('bad-recipe', `${where}: expected a folder below node_modules`, {
        hint: 'Packages of a workspace are files of your own: add them under contents.files.',
      })
    const hashes = (textOf(entry['integrity']) ?? '').split(/\s+/).flatMap(hashOf)
    if (entry['link'] === true || version === undefined || hashes.length === 0)
      throw new TemperError('bad-recipe', `${where}: expected version and integrity, found something else`, {
        hint: 'Folders and repositories cannot be verified: add them under contents.files, or build them in a step.',
      })
    const own = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const name = textOf(entry['name']) ?? own
    if (!namePattern.test(name) || !/^[\w.+-]{1,200}$/.test(version))
      throw new TemperError(
        'bad-recipe',
        `${where}: expected the name and version of a package, found ${JSON.stringify(`${name}@${version}`.slice(0, 120))}`,
      )
    // Locks that are made without addresses have the registry's own layout.
    const tarball = `${name.split('/').at(-1)}-${version}.tgz`
    const files = [url === undefined ? { name: tarball } : { name: url.split('/').at(-1) ?? tarball, url }]
    return [
      { name, version, hashes, files, place, where, hasInstallScript: entry['hasInstallScript'] === true },
    ]
  })
}

/** Subresource integrity, as "sha512:<hex>". */
function hashOf(text: string): readonly string[] {
  const [, algorithm, value] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]{40,100}={0,2})$/.exec(text) ?? []
  return algorithm === undefined || value === undefined
    ? []
    : [`${algorithm}:${Buffer.from(value, 'base64').toString('hex')}`]
}

const nodeNames: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' }

/** package.json's os, cpu and libc: lists of names, or of names that begin with "!". */
function fits(entry: JsonObject, { architecture, libc }: NpmEnvironment): boolean {
  const asked = [
    ['os', 'linux'],
    ['cpu', nodeNames[architecture]],
    ['libc', libc],
  ] as const
  return asked.every(([key, own]) => {
    const value = entry[key]
    const names = (typeof value === 'string' ? [value] : itemsOf(value)).flatMap((each) => textOf(each) ?? [])
    if (names.includes(`!${own}`)) return false
    const wanted = names.filter((name) => !name.startsWith('!'))
    return wanted.length === 0 || wanted.includes(own) || wanted.includes('any')
  })
}
