import { badPackage } from '../../../formats/apk/fault.ts'
import type { ApkHead } from '../../../formats/apk/package.ts'
import { type ApkRecord, isApkIdentity } from '../../../formats/apk/record.ts'
import type { PackageRelations } from '../../../model/package/package.ts'
import type { PackageContent } from '../../../model/package/package-content.ts'
import { readDependencies, readRequirements } from '../packages/requirement.ts'

/** What effects and the package database read of a package's control member. */
export interface ApkData {
  /**
   * The record as the database of installed packages lists it; its `size` is that of the archive, which only the lock
   * knows.
   */
  readonly record: Omit<ApkRecord, 'size'>
  /** Scripts by their kind: "post-install", "trigger". */
  readonly scripts: Readonly<Record<string, string>>
  /** Globs of folders whose change starts the trigger. */
  readonly triggers: readonly string[]
}

/** The control data of a package that was read from an apk archive. */
export function apkData({ own }: Pick<PackageContent, 'own'>): ApkData {
  // Only `readApkData` makes the contents of Alpine's packages, and the cache keeps them for one version of Temper.
  return own as ApkData
}

const number = /^\d{1,13}$/

/** The data in a control member, checked as far as later steps rely on it. Errors: `bad-archive`. */
export function readApkData({ info, checksum, scripts }: ApkHead, what: string): ApkData {
  const text = (key: string) => info.get(key)?.[0] ?? ''
  const list = (key: string) => (info.get(key) ?? []).join(' ')
  const count = (key: string, name: string) => (number.test(text(key)) ? { [name]: Number(text(key)) } : {})
  const words = (key: string, name: string) => (text(key) === '' ? {} : { [name]: text(key) })
  const identity = { name: text('pkgname'), version: text('pkgver'), architecture: text('arch') }
  if (!isApkIdentity(identity))
    throw badPackage(what, '.PKGINFO has no proper name, version and architecture')
  return {
    record: {
      ...identity,
      checksum,
      installedSize: number.test(text('size')) ? Number(text('size')) : 0,
      ...words('origin', 'origin'),
      ...words('maintainer', 'maintainer'),
      ...words('license', 'licence'),
      ...words('url', 'url'),
      ...words('pkgdesc', 'description'),
      ...words('commit', 'commit'),
      ...count('builddate', 'buildTime'),
      depends: list('depend'),
      provides: list('provides'),
      installIf: list('install_if'),
      replaces: list('replaces'),
      ...count('provider_priority', 'providerPriority'),
      ...count('replaces_priority', 'replacesPriority'),
    },
    scripts,
    triggers: list('triggers')
      .split(' ')
      .filter((path) => path !== ''),
  }
}

/** What a package says about others. Errors: `bad-index`. */
export function relationsOf(content: Pick<PackageContent, 'own'>): PackageRelations {
  const { record } = apkData(content)
  const title = `${record.name} ${record.version}`
  return {
    depends: readDependencies(record.depends, title).depends,
    provides: readRequirements(record.provides, title),
    replaces: readRequirements(record.replaces, title),
    multiArch: 'no',
  }
}
