import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { glob } from '../../base/glob.ts'
import { itemsOf, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { ComposerPackage } from './lock.ts'
import { byImportance } from './order.ts'
import type { ComposerProject } from './project.ts'

/** What a package loads, and the folder that it is in: below the vendors' for packages, '' for the project. */
interface LoadingPackage {
  readonly name: string
  readonly autoload: unknown
  readonly folder: string
}

/** How the classes of a project and its packages are to be had. Paths are below the project's folder. */
export interface Autoload {
  /** "Psr\Log\" → folders; prefixes in the order in which they are tried. */
  readonly psr4: ReadonlyMap<string, readonly string[]>
  readonly psr0: ReadonlyMap<string, readonly string[]>
  /** Folders and files whose classes are listed. */
  readonly classmap: readonly string[]
  /** An identifier → a file that is loaded at once. */
  readonly files: ReadonlyMap<string, string>
  readonly isExcluded: (path: string) => boolean
}

/** Reads what composer.json and the lock's entries say of loading. What has an unexpected form is left out, as Composer does. */
export function autoloadOf(packages: readonly ComposerPackage[], project: ComposerProject): Autoload {
  const root: LoadingPackage = { name: project.name, autoload: project.entry['autoload'], folder: '' }
  const loading = (each: ComposerPackage): LoadingPackage => ({
    name: each.name,
    autoload: each.entry['autoload'],
    folder: `${project.vendor}/${each.name}`,
  })
  const byName = [root, ...packages.map(loading)]
  const bySort = [...byImportance(packages).map(loading), root]
  const excluded = bySort.flatMap(({ autoload, folder }) =>
    textsOf(memberOf(autoload, 'exclude-from-classmap')).map((path) => exclusion(path, folder)),
  )
  return {
    psr4: prefixes(byName, 'psr-4'),
    psr0: prefixes(byName, 'psr-0'),
    classmap: [...bySort]
      .reverse()
      .flatMap(({ autoload, folder }) =>
        textsOf(memberOf(autoload, 'classmap')).map((path) => below(folder, path)),
      ),
    files: new Map(
      bySort.flatMap(({ name, autoload, folder }) =>
        textsOf(memberOf(autoload, 'files')).map((path) => [
          createHash('md5').update(`${name}:${path}`).digest('hex'),
          below(folder, path),
        ]),
      ),
    ),
    isExcluded: (path) => {
      const parents = ancestry(path)
      return excluded.some((fits) => parents.some(fits))
    },
  }
}

/** The path and the folders that it is in. */
function ancestry(path: string): readonly string[] {
  return path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))
}

function exclusion(path: string, folder: string): (path: string) => boolean {
  const pattern = path.replace(/[\\/]+/g, '/').replace(/^\/|\/$/g, '')
  return glob(posix.join(folder, pattern))
}

/** Prefixes backwards by their bytes, so that longer ones come before those that they begin with. */
function prefixes(packages: readonly LoadingPackage[], type: string): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>()
  for (const { autoload, folder } of packages)
    for (const [prefix, paths] of membersOf(memberOf(autoload, type)))
      for (const path of typeof paths === 'string' ? [paths] : textsOf(paths))
        all.set(prefix, [...(all.get(prefix) ?? []), below(folder, path)])
  return new Map([...all].sort(([a], [b]) => Buffer.compare(Buffer.from(b), Buffer.from(a))))
}

/** Folders and files of the project itself whose classes are listed. */
export function ownClassmap({ entry }: ComposerProject): readonly string[] {
  return textsOf(memberOf(entry['autoload'], 'classmap')).map((path) => below('', path))
}

function textsOf(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? itemsOf(value) : membersOf(value).map(([, each]) => each)
  return all.flatMap((each) => textOf(each) ?? [])
}

/** Without "." and a slash at the end; '' is the project's folder itself. */
function below(folder: string, path: string): string {
  const whole = posix.join('/', folder, path.replaceAll('\\', '/'))
  return whole.replace(/^\/|\/$/g, '')
}
