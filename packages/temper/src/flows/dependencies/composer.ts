import { mapLimit } from '../../base/concurrency.ts'
import { textOf } from '../../base/json/value.ts'
import { archiveName, type ComposerPackage, readComposerLock } from '../../dependencies/composer/lock.ts'
import { readComposerProject } from '../../dependencies/composer/project.ts'
import type { LockedDependency } from '../../model/recipe-parts/dependency.ts'
import type { Context } from '../context.ts'
import { fetchFirst } from './fetch.ts'
import { concurrency, type DependencyChoice } from './host.ts'

/** The packages that a project of PHP runs with, fetched, each with its place. */
export async function chooseComposer(
  { request, text, manifestText = '' }: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const lockFile = request.lockFile.source
  const { packages } = readComposerLock(text, lockFile)
  const { vendor } = readComposerProject(manifestText, request.manifest?.source ?? '')
  tellPlugins(packages, context)
  const chosen = await mapLimit(packages, concurrency, async (each): Promise<LockedDependency[]> => {
    const { name, version, archive } = each
    if (archive === undefined) return []
    const what = `the package ${name} ${version}`
    const { digest, size } = await fetchFirst(archive.url, archive.sha1, { context, what })
    const place = `${vendor}/${name}`
    const file = archiveName(each)
    return [{ kind: 'composer', lockFile, name, version, place, file, url: archive.url, digest, size }]
  })
  return chosen.flat()
}

function tellPlugins(packages: readonly ComposerPackage[], { progress }: Pick<Context, 'progress'>): void {
  for (const { name, version, entry } of packages)
    if (textOf(entry['type']) === 'composer-plugin')
      progress.warn(
        `${name} ${version} is a plug-in of Composer, which is not run: build in a step what it would make`,
      )
}
