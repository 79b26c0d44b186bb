import { basename } from 'node:path'
import { isCopyrightFile, parseCopyright } from '../../formats/debian-licence/copyright.ts'
import type { Distro, HostTools } from '../../model/distro.ts'
import type { RepositoryWorld } from '../../model/package/package-source.ts'
import { configurationOrder } from '../shared/effects/order.ts'
import { archivePath, fetchPackages } from '../shared/fetching/packages.ts'
import { openArchive } from './archive/archive.ts'
import { databaseEntries } from './archive/database.ts'
import { mergedPath } from './archive/merged-path.ts'
import { changelogEntries } from './changelog/changelog.ts'
import { changelogFacts, isChangelog } from './changelog/fixes.ts'
import { applyEffects } from './effects/apply.ts'
import { captures } from './effects/captures.ts'
import { declaredDiversions } from './effects/declared-diversions.ts'
import { orderNames } from './effects/order-names.ts'
import { dpkgDatabase } from './installed/database.ts'
import { debianLoader } from './loader.ts'
import { fileProvider } from './packages/file-provider.ts'
import { interpreterPackage } from './packages/interpreters.ts'
import { relationsOf } from './packages/relations.ts'
import { debianRules } from './packages/rules.ts'
import { convertsText } from './packages/text-converters.ts'
import { type DebianRelease, debianArchives } from './releases.ts'
import { readAptSources } from './repository/apt-sources.ts'
import { type MirrorSettings, packageMirrors, recipeMirrors } from './repository/mirrors.ts'
import { createDebianSource } from './repository/source.ts'

const pathOf = archivePath('deb')

/** A Debian release, as flows and assembling see it. */
export function openDebian(release: DebianRelease, host: HostTools): Distro {
  const archives: readonly string[] = debianArchives
  return {
    id: 'debian',
    release,
    rules: debianRules,
    loader: debianLoader,
    openSource: async ({ mirrors: _places, ...request }) => {
      const mirrors = await mirrorSettings({ mirrors: _places, ...request })
      return createDebianSource({ ...request, ...host, release, mirrors, pathOf })
    },
    openFetcher: async ({ suites, ...world }) => {
      const mirrors = packageMirrors(suites, await mirrorSettings(world))
      const { access } = world
      return (packages, options = {}) => fetchPackages(packages, { access, mirrors, pathOf, ...options })
    },
    archivePath: pathOf,
    openArchive: (path) => openArchive(path, { ...host, what: basename(path) }),
    supplier: (repository) => (archives.includes(repository) ? 'Debian' : undefined),
    interpreterPackage,
    convertsText,
    fileProvider,
    relations: relationsOf,
    captures,
    statesLicence: isCopyrightFile,
    readLicence: parseCopyright,
    statesChanges: isChangelog,
    readChanges: changelogFacts,
    readChangelog: changelogEntries,
    changelogAdvisories: {
      ecosystem: `Debian:${release.version}`,
      scheme: 'dpkg',
      prefix: 'DEBIAN-',
      page: 'https://security-tracker.debian.org/tracker/',
    },
    mergedPath,
    diversions: declaredDiversions,
    configurationOrder: (packages) => configurationOrder(packages, orderNames),
    applyEffects,
    localePackage: 'locales-all',
    ...(release.fipsPackage === undefined ? {} : { fipsPackage: release.fipsPackage }),
    databaseEntries,
    installed: dpkgDatabase,
  }
}

/** Where to look for Debian's archives: recipe, configuration, the host's apt sources. */
async function mirrorSettings({ access, repositories, mirrors }: RepositoryWorld): Promise<MirrorSettings> {
  return {
    recipe: recipeMirrors(repositories),
    configuration: mirrors.configured,
    host: await readAptSources(mirrors.hostRoot, { note: access.progress.note }),
  }
}
