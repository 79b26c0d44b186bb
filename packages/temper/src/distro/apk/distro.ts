import { basename } from 'node:path'
import type { Distro } from '../../model/distro.ts'
import type { PackageRules } from '../../model/package/package-rules.ts'
import { configurationOrder } from '../shared/effects/order.ts'
import type { ScriptHabits } from '../shared/effects/perform.ts'
import { archivePath, fetchPackages } from '../shared/fetching/packages.ts'
import { openArchive } from './archive/archive.ts'
import { relationsOf } from './archive/data.ts'
import { installedDatabase } from './archive/installed.ts'
import { apkOrder, applyEffects } from './effects/apply.ts'
import { captures } from './effects/captures.ts'
import { apkDatabase } from './installed/database.ts'
import type { ApkRelease } from './release.ts'
import { packageMirrors } from './repository/mirrors.ts'
import { ApkSource } from './repository/source.ts'

/** What distinguishes one distribution with apk packages from others. */
export interface ApkHabits
  extends Pick<Distro, 'id' | 'loader' | 'interpreterPackage' | 'mergedPath'>,
    Pick<ScriptHabits, 'effects' | 'baseAccounts'> {
  /** Who distributes the packages of its own repository. */
  readonly supplier: string
  readonly rules: PackageRules
}

const pathOf = archivePath('apk')

/** A release of a distribution with apk packages, as flows and assembling see it. */
export function openApk(release: ApkRelease, habits: ApkHabits): Distro {
  const { id, rules, loader, interpreterPackage, mergedPath } = habits
  return {
    id,
    release,
    rules,
    loader,
    interpreterPackage,
    mergedPath,
    openSource: async (request) => new ApkSource(release, request, pathOf),
    openFetcher: async ({ suites, ...world }) => {
      const mirrors = await packageMirrors(release, suites, world)
      const { access } = world
      return (packages, options = {}) => fetchPackages(packages, { access, mirrors, pathOf, ...options })
    },
    archivePath: pathOf,
    openArchive: (path) => openArchive(path, basename(path)),
    supplier: (repository) => (repository === release.repository ? habits.supplier : undefined),
    // Names of packages do not follow from names of their libraries.
    fileProvider: (packages) => (name) => packages.find((each) => each === name),
    relations: relationsOf,
    captures,
    statesLicence: () => false,
    readLicence: () => ({ expression: 'NOASSERTION', texts: {} }),
    statesChanges: () => false,
    readChanges: () => undefined,
    readChangelog: () => undefined,
    diversions: () => [],
    configurationOrder: (packages) => configurationOrder(packages, apkOrder),
    applyEffects: applyEffects(habits),
    databaseEntries: () => [],
    installed: apkDatabase,
    imageDatabase: (packages, root) => installedDatabase(packages, root, release),
  }
}
