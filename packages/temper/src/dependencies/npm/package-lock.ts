import { TemperError } from '../../base/error.ts'
import { isObject, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import { readLockJson } from '../lock-json.ts'
import {
  fitsMachine,
  integrityHashes,
  isPackageName,
  type NpmEnvironment,
  type NpmPlacement,
  type OwnPackage,
  ownFiles,
  unverifiable,
} from './graph.ts'

/** A package of npm, with the folder that it goes to. */
export interface NpmPackage extends WantedPackage {
  readonly place: string
  /** By which others find it. */
  readonly links?: readonly string[]
  /** Its install script stays unrun. */
  readonly hasInstallScript: boolean
}

/** Names that registries have, some of them of old. */
const namePattern = /^(?:@[a-zA-Z0-9~_-][a-zA-Z0-9._~-]{0,213}\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]{0,213}$/

/** A place below a project: node_modules, once or nested, with a name that may have a scope. */
const placePattern =
  /^node_modules\/(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]*(?:\/node_modules\/(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-zA-Z0-9~_-][a-zA-Z0-9._~-]*)*$/

/**
 * package-lock.json or npm-shrinkwrap.json, version 2 or 3: what is needed to run the project on a platform. Packages for
 * development that nobody wants, and optional ones for other machines, are left out. Throws `bad-recipe`.
 */
export function readPackageLock(
  text: string,
  environment: NpmEnvironment,
  file: string,
): readonly NpmPackage[] {
  const packages = packagesOf(text, file)
  const ownPlaces = ownPackages(packages, environment)
  const ownNames = new Map(ownPlaces.map(({ name, folder }) => [folder, name]))
  const ownLinks = new Set(ownPlaces.map(({ name }) => `node_modules/${name}`))
  return membersOf(packages).flatMap(([locked, entry]): NpmPackage[] => {
    if (locked === '' || !isObject(entry) || ownNames.has(locked) || ownLinks.has(locked)) return []
    // What npm has beside the files of a package of the workspace lies where these are to be.
    const below = locked.indexOf('/node_modules/')
    const owner = ownNames.get(locked.slice(0, Math.max(0, below)))
    const place = owner === undefined ? locked : `node_modules/${owner}${locked.slice(below)}`
    const where = `${file}: ${locked.slice(0, 200)}`
    // "peer" and "devOptional" are installed for production too, the latter where they fit (npm, arborist).
    if (entry['dev'] === true && environment.dev !== true) return []
    if (entry['inBundle'] === true || entry['bundled'] === true) return []
    if (!fitsMachine(entry, environment)) {
      if (entry['optional'] === true || entry['devOptional'] === true) return []
      throw new TemperError(
        'bad-recipe',
        `${where}: it is for other platforms, and the project cannot do without it`,
      )
    }
    const [version, url] = [textOf(entry['version']), textOf(entry['resolved'])]
    if (
      !placePattern.test(place) ||
      place.length > 1000 ||
      place.split('/').some((part) => /^\.{1,2}$/.test(part))
    )
      throw new TemperError('bad-recipe', `${where}: expected a folder below node_modules`, {
        hint: ownFiles,
      })
    const hashes = integrityHashes(textOf(entry['integrity']) ?? '')
    if (entry['link'] === true || version === undefined || hashes.length === 0)
      throw new TemperError('bad-recipe', `${where}: expected version and integrity, found something else`, {
        hint: unverifiable,
      })
    const own = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const name = textOf(entry['name']) ?? own
    if (!namePattern.test(name) || !/^[\w.+-]{1,200}$/.test(version))
      throw new TemperError(
        'bad-recipe',
        `${where}: expected the name and version of a package, found ${JSON.stringify(`${name}@${version}`.slice(0, 120))}`,
      )
    const files = [tarballOf({ name, version, ...(url === undefined ? {} : { url }) })]
    return [
      { name, version, hashes, files, place, where, hasInstallScript: entry['hasInstallScript'] === true },
    ]
  })
}

function packagesOf(text: string, file: string): JsonObject {
  const { packages } = readLockJson(text, file)
  if (isObject(packages)) return packages
  throw new TemperError('bad-recipe', `${file}: expected a lock of version 2 or 3, found none`, {
    hint: 'npm install --package-lock-only --lockfile-version 3 brings it up to date.',
  })
}

/** The project's own packages in the same lock file, which `readPackageLock` leaves to the recipe. */
export function readOwnPackages(
  text: string,
  environment: NpmEnvironment,
  file: string,
): readonly OwnPackage[] {
  return ownPackages(packagesOf(text, file), environment)
}

/** Links of node_modules to a folder of the project that the lock file has, too. */
function ownPackages(packages: JsonObject, { dev }: NpmEnvironment): readonly OwnPackage[] {
  return membersOf(packages).flatMap(([place, entry]) => {
    if (!isObject(entry) || entry['link'] !== true || (entry['dev'] === true && dev !== true)) return []
    const [name, folder] = [place.replace(/^node_modules\//, ''), textOf(entry['resolved']) ?? '']
    const isFolder =
      folder.length <= 500 && folder.split('/').every((part) => !/^(?:\.{0,2}|node_modules)$/.test(part))
    if (!isFolder || !isObject(memberOf(packages, folder))) return []
    return place.startsWith('node_modules/') && isPackageName(name) ? [{ name, folder, needs: [] }] : []
  })
}

/** As registries name them. */
export function tarballName(name: string, version: string): string {
  return `${name.split('/').at(-1)}-${version}.tgz`
}

function tarballOf({
  name,
  version,
  url,
}: {
  readonly name: string
  readonly version: string
  readonly url?: string
}) {
  const tarball = tarballName(name, version)
  return url === undefined ? { name: tarball } : { name: url.split('/').at(-1) ?? tarball, url }
}

/** What was laid out of a lock of another program, as packages to fetch. */
export function placedPackage({ node, place, links }: NpmPlacement): NpmPackage {
  const { name, version, hashes, where, hasInstallScript, url } = node
  const files = [tarballOf({ name, version, ...(url === undefined ? {} : { url }) })]
  const made = { name, version, hashes, files, place, where, hasInstallScript }
  return links === undefined ? made : { ...made, links }
}
