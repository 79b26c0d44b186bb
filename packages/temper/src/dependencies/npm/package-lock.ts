import { TemperError } from '../../base/error.ts'
import { isObject, membersOf, textOf } from '../../base/json/value.ts'
import type { WantedPackage } from '../../model/recipe-parts/dependency.ts'
import { readLockJson } from '../lock-json.ts'
import { fitsMachine, integrityHashes, type NpmEnvironment, type NpmPlacement } from './graph.ts'

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
  const lock = readLockJson(text, file)
  if (!isObject(lock['packages']))
    throw new TemperError('bad-recipe', `${file}: expected a lock of version 2 or 3, found none`, {
      hint: 'npm install --package-lock-only --lockfile-version 3 brings it up to date.',
    })
  return membersOf(lock['packages']).flatMap(([place, entry]): NpmPackage[] => {
    if (place === '' || !isObject(entry)) return []
    const where = `${file}: ${place.slice(0, 200)}`
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
        hint: 'Packages of a workspace are your own files: add them under contents.files.',
      })
    const hashes = integrityHashes(textOf(entry['integrity']) ?? '')
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
    const files = [tarballOf({ name, version, ...(url === undefined ? {} : { url }) })]
    return [
      { name, version, hashes, files, place, where, hasInstallScript: entry['hasInstallScript'] === true },
    ]
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
