import { basename } from 'node:path'
import type { Distro } from '../../model/distro.ts'
import { archivePath, fetchPackages } from '../shared/fetching/packages.ts'
import { openArchive } from './archive/archive.ts'
import { relationsOf } from './archive/data.ts'
import { installedDatabase } from './archive/installed.ts'
import { applyEffects } from './effects/apply.ts'
import { captures } from './effects/captures.ts'
import { alpineLoader } from './loader.ts'
import { interpreterPackage } from './packages/interpreters.ts'
import { alpineRules } from './packages/rules.ts'
import { type AlpineRelease, alpineRepository } from './releases.ts'
import { packageMirrors } from './repository/mirrors.ts'
import { AlpineSource } from './repository/source.ts'

const pathOf = archivePath('apk')

/** A release of Alpine, as flows and assembling see it. */
export function openAlpine(release: AlpineRelease): Distro {
  return {
    id: 'alpine',
    release,
    rules: alpineRules,
    loader: alpineLoader,
    openSource: async (request) => new AlpineSource(release, request, pathOf),
    openFetcher: async ({ suites, ...world }) => {
      const mirrors = await packageMirrors(suites, world)
      const { access } = world
      return (packages, options = {}) => fetchPackages(packages, { access, mirrors, pathOf, ...options })
    },
    archivePath: pathOf,
    openArchive: (path) => openArchive(path, basename(path)),
    supplier: (repository) => (repository === alpineRepository ? 'Alpine Linux' : undefined),
    interpreterPackage,
    // Names of packages do not follow from names of their libraries.
    fileProvider: (packages) => (name) => packages.find((found) => found === name),
    relations: relationsOf,
    captures,
    statesLicence: () => false,
    readLicence: () => ({ expression: 'NOASSERTION', texts: {} }),
    statesChanges: () => false,
    readChanges: () => undefined,
    readChangelog: () => undefined,
    mergedPath: (path) => path,
    diversions: () => [],
    applyEffects,
    databaseEntries: () => [],
    imageDatabase: (packages, root) => installedDatabase(packages, root, release),
  }
}
