import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject, memberOf, textOf } from '../../base/json/value.ts'
import { readLockJson } from '../lock-json.ts'
import { normaliseVersion } from './version.ts'

/** A package of PHP that a lock file has for running the project. */
export interface ComposerPackage {
  /** "monolog/monolog", in small letters. */
  readonly name: string
  /** As its author writes it: "v1.2.3", "dev-main". */
  readonly version: string
  /** Its archive; absent for packages that are names alone ("metapackage"). */
  readonly archive?: ComposerArchive
  /** The lock's whole entry, which has what its composer.json says. */
  readonly entry: JsonObject
  readonly where: string
}

export interface ComposerArchive {
  readonly type: 'zip' | 'tar'
  readonly url: string
  /** SHA-1 as hexadecimal digits; archives that GitHub makes have none. */
  readonly sha1?: string
  /** Addresses that the lock prefers, in their order. */
  readonly preferred: readonly string[]
}

export interface ComposerLock {
  /** By their names. */
  readonly packages: readonly ComposerPackage[]
  /** Digest of what the project asks for. */
  readonly contentHash: string
  /** Other versions that packages are taken for: "dev-main as 1.0.x-dev". */
  readonly aliases: readonly { readonly name: string; readonly alias: string }[]
}

/** As Packagist has them. */
const namePattern = /^[a-z0-9]+(?:[_.-][a-z0-9]+)*\/[a-z0-9]+(?:(?:[_.]|-{1,2})[a-z0-9]+)*$/

/** Packages of one project. */
const most = 10_000

/**
 * composer.lock: what is needed to run the project, no packages for development. Throws `bad-recipe` where something cannot
 * be installed from an archive, or Composer would put it elsewhere than into its folder of vendors.
 */
export function readComposerLock(text: string, file: string): ComposerLock {
  const lock = readLockJson(text, file)
  const entries = itemsOf(lock['packages'])
  const contentHash = textOf(lock['content-hash']) ?? ''
  if (!Array.isArray(lock['packages']) || !/^[0-9a-f]{32}$/.test(contentHash))
    throw new TemperError('bad-recipe', `${file}: expected a lock of Composer 2, found none`, {
      hint: 'composer update writes one.',
    })
  if (entries.length > most)
    throw new TemperError('limit-exceeded', `${file}: it has more than ${most} packages`)
  const packages = entries.map((entry, i) => readPackage(entry, `${file}: packages[${i}]`))
  const twice = packages.find(({ name }, i) => packages.findIndex((each) => each.name === name) !== i)
  if (twice !== undefined) throw new TemperError('bad-recipe', `${twice.where}: it is in the lock twice`)
  const aliases = itemsOf(lock['aliases']).flatMap((each) => {
    const [name, alias] = [textOf(memberOf(each, 'package')), textOf(memberOf(each, 'alias'))]
    return name === undefined || alias === undefined ? [] : [{ name, alias }]
  })
  const byName = (a: ComposerPackage, b: ComposerPackage) => (a.name < b.name ? -1 : 1)
  return { packages: packages.sort(byName), contentHash, aliases }
}

function readPackage(entry: unknown, at: string): ComposerPackage {
  const [name = '', version = ''] = [
    textOf(memberOf(entry, 'name'))?.toLowerCase(),
    textOf(memberOf(entry, 'version')),
  ]
  if (!isObject(entry) || !namePattern.test(name) || name.length > 200 || !/^[\w.+/#-]{1,200}$/.test(version))
    throw new TemperError(
      'bad-recipe',
      `${at}: expected the name and version of a package, found ${JSON.stringify(`${name} ${version}`.slice(0, 200))}`,
    )
  const where = `${at.replace(/packages\[\d+\]$/, name)} ${version}`
  const type = textOf(entry['type']) ?? 'library'
  if (type === 'metapackage') return { name, version, entry, where }
  refuseElsewhere(entry, { type, where })
  return { name, version, archive: readArchive(entry, where), entry, where }
}

/** The plug-in composer/installers puts packages of some types elsewhere, as the systems that use them want it. */
function refuseElsewhere(
  entry: JsonObject,
  { type, where }: { readonly type: string; readonly where: string },
): void {
  const places = /^(?:wordpress|drupal|magento2?|typo3-cms|craft|moodle|joomla|silverstripe)-/
  if (places.test(type))
    throw new TemperError(
      'bad-recipe',
      `${where}: its type is ${type}, which plug-ins of Composer install elsewhere, and plug-ins are not run`,
      {
        hint: 'Install the project with Composer in a build step.',
      },
    )
  if (entry['target-dir'] !== undefined)
    throw new TemperError('bad-recipe', `${where}: it has a target-dir, which Composer gave up for PSR-4`)
}

function readArchive(entry: JsonObject, where: string): ComposerArchive {
  const dist = entry['dist']
  const [type = 'none', url = '', sha1 = ''] = ['type', 'url', 'shasum'].map((key) =>
    textOf(memberOf(dist, key)),
  )
  const isPlain = (type === 'zip' || type === 'tar') && /^https?:\/\//.test(url) && URL.canParse(url)
  if (!isPlain)
    throw new TemperError(
      'bad-recipe',
      `${where}: expected a dist of type zip or tar with an address, found ${type} ${JSON.stringify(url.slice(0, 200))}`,
      {
        hint: 'Folders (type path) are files of yours: add them under contents.files. Packages that only have a repository can be installed by Composer in a build step.',
      },
    )
  if (sha1 !== '' && !/^[0-9a-f]{40}$/.test(sha1))
    throw new TemperError(
      'bad-recipe',
      `${where}: expected a SHA-1 as shasum, found ${JSON.stringify(sha1.slice(0, 100))}`,
    )
  const about = { entry, type, reference: textOf(memberOf(dist, 'reference')) ?? '' }
  const preferred = itemsOf(memberOf(dist, 'mirrors'))
    .slice(0, mostMirrors)
    .flatMap((mirror) => {
      const pattern = memberOf(mirror, 'preferred') === true ? textOf(memberOf(mirror, 'url')) : undefined
      const address = pattern === undefined ? '' : mirrorAddress(pattern, about)
      return /^https?:\/\//.test(address) && URL.canParse(address) ? [address] : []
    })
  return { type, url, preferred, ...(sha1 === '' ? {} : { sha1 }) }
}

const mostMirrors = 10

/** Composer's own form of mirrors: https://getcomposer.org/doc/05-repositories.md#mirrors. */
function mirrorAddress(
  pattern: string,
  {
    entry,
    type,
    reference,
  }: { readonly entry: JsonObject; readonly type: string; readonly reference: string },
): string {
  const version = textOf(entry['version']) ?? ''
  const normal = normaliseVersion(version)
  const values: Readonly<Record<string, string>> = {
    package: textOf(entry['name']) ?? '',
    version: normal.includes('/') ? md5(normal) : normal,
    reference: /^[a-f0-9]*$/.test(reference) ? reference : md5(reference),
    type,
    prettyVersion: version,
  }
  return pattern.replace(/%(\w+)%/g, (whole, name: string) => values[name] ?? whole)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** Where a mirror has an archive, by its pattern: "https://mirror.example/%package%/%version%/%reference%.%type%". */
export function mirroredArchive({ entry, archive }: ComposerPackage, pattern: string): string {
  const reference = textOf(memberOf(entry['dist'], 'reference')) ?? ''
  return mirrorAddress(pattern, { entry, type: archive?.type ?? 'zip', reference })
}

/** Name of a package's archive. */
export function archiveName({ name, version, archive }: ComposerPackage): string {
  const flat = `${name}-${version}`.replace(/[^\w.+-]/g, '-')
  return `${flat}.${archive?.type === 'tar' ? posix.basename(archive.url).replace(/^.*?(tar(?:\.\w+)?)$/, '$1') : 'zip'}`
}
