import { openDistro, releaseIdOf } from '../../distro/open.ts'
import { compareVersions } from '../../formats/version/compare.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import type { PackageIndex } from '../../model/package/package.ts'
import { architectures } from '../../model/platform.ts'
import type { VersionScheme } from '../../model/version-scheme.ts'
import type { SubjectArchive } from '../../rules/image/subject.ts'
import { repositoryWorld } from '../assemble/archives.ts'
import type { Context } from '../context.ts'

const schemes: ReadonlyMap<string, VersionScheme> = new Map([
  ['deb', 'dpkg'],
  ['apk', 'apk'],
])

/**
 * The packages of which the distribution's archive has newer versions than an inventory; undefined when Temper cannot
 * read the archive of its release. The archive's signatures are checked as for building. Throws the errors of reading
 * archives.
 */
export async function compareWithArchive(
  { distribution, components }: Inventory,
  platform: string,
  context: Context,
): Promise<SubjectArchive | undefined> {
  if (distribution === undefined) return undefined
  const release = releaseIdOf(distribution, context)
  const architecture = architectures.find((each) => platform.split('/')[1] === each)
  if (release === undefined || architecture === undefined) return undefined
  const distro = await openDistro(release, context)
  const contents = { packages: [], repositories: [], keyring: [], files: [] }
  const world = await repositoryWorld({ recipe: { contents } }, context)
  const source = await distro.openSource({
    ...world,
    keyring: [],
    keysDir: context.keysDir,
    now: context.now(),
    architectures: [architecture],
  })
  const index = await source.index(architecture)
  return { behind: components.flatMap((component) => behind(component, index)) }
}

function behind(component: Component, index: PackageIndex): SubjectArchive['behind'] {
  const scheme = schemes.get(component.type)
  if (scheme === undefined) return []
  const there = index.versions(component.name).map(({ version }) => version)
  const newest = there.reduce((a, b) => (compareVersions(scheme, a, b) >= 0 ? a : b), component.version)
  return newest === component.version ? [] : [{ component, newest }]
}
