import { posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import type { InstalledFile } from '../../model/recipe-parts/dependency.ts'
import { autoloadOf, ownClassmap } from './autoload.ts'
import { classMap } from './class-map.ts'
import { installedJson, installedPhp, programsOf } from './installed.ts'
import type { ComposerLock } from './lock.ts'
import type { ComposerProject } from './project.ts'
import { classLoader } from './runtime/class-loader.ts'
import { installedVersions } from './runtime/installed-versions.ts'
import { autoloadFile, loaderFile, platformCheck, programFile } from './runtime/loader.ts'
import { autoloadTables } from './tables.ts'

/** Whose files those are that belong to no package: how they are named in errors and layers. */
export const loaderName = 'autoloader'

/**
 * What Composer makes besides the packages: the loader with its tables, what is installed in which version, and a program
 * in one folder for each that packages have. `installed` are the files of the packages, `own` those of the project, all below `into`.
 * Throws `bad-recipe`.
 */
export function vendorFiles(
  {
    lock,
    project,
    into,
    own = [],
  }: {
    readonly lock: ComposerLock
    readonly project: ComposerProject
    readonly into: string
    readonly own?: readonly InstalledFile[]
  },
  installed: readonly InstalledFile[],
): readonly InstalledFile[] {
  const { vendor } = project
  const listed = ownClassmap(project)
  for (const place of listed) checkListed(place, { own, into })
  const suffix = project.suffix ?? lock.contentHash
  const autoload = autoloadOf(lock.packages, project)
  // Without a list of its own, classes of the project are found by their namespaces, as they were before it could have one.
  const inProject = new Map(
    [...(listed.length === 0 ? [] : own), ...installed].flatMap(({ path, content, target }) =>
      target === undefined ? [[path.slice(into.length + 1), content] as const] : [],
    ),
  )
  const classes = new Map(classMap(autoload, inProject, project)).set(
    'Composer\\InstalledVersions',
    `${vendor}/composer/InstalledVersions.php`,
  )
  const bySort = new Map([...classes].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  const check = platformCheck(
    [project.entry, ...lock.packages.map(({ entry }) => entry)],
    project.platformCheck,
  )
  const generated: (readonly [string, string])[] = [
    ['autoload.php', autoloadFile(suffix)],
    ['composer/ClassLoader.php', classLoader],
    ['composer/InstalledVersions.php', installedVersions],
    [
      'composer/autoload_real.php',
      loaderFile(project, { suffix, hasFiles: autoload.files.size > 0, hasCheck: check !== undefined }),
    ],
    ['composer/installed.json', installedJson(lock.packages)],
    ['composer/installed.php', installedPhp(lock, project)],
  ]
  if (check !== undefined) generated.push(['composer/platform_check.php', check])
  for (const [name, text] of autoloadTables(autoload, bySort, { vendor, suffix }))
    generated.push([`composer/${name}`, text])
  const files = generated.map(([path, text]) => fileOf(`${into}/${vendor}/${path}`, text, 0o644))
  return [...files, ...programs({ lock, project, into }, inProject)]
}

function checkListed(
  place: string,
  { own, into }: { readonly own: readonly InstalledFile[]; readonly into: string },
): void {
  const path = place === '' ? into : `${into}/${place}`
  if (own.some((file) => file.path === path || file.path.startsWith(`${path}/`))) return
  throw new TemperError(
    'bad-recipe',
    `composer.json: autoload.classmap names ${place === '' ? 'the folder of the project' : place}, and no file of the recipe goes to ${path}`,
    { hint: 'Add the folder under contents.files: its classes are listed without running them.' },
  )
}

function fileOf(path: string, text: string, mode: number): InstalledFile {
  return { path, mode, content: Buffer.from(text) }
}

function programs(
  {
    lock,
    project,
    into,
  }: { readonly lock: ComposerLock; readonly project: ComposerProject; readonly into: string },
  files: ReadonlyMap<string, Uint8Array>,
): readonly InstalledFile[] {
  const made = new Map<string, InstalledFile>()
  for (const each of lock.packages)
    for (const program of programsOf(each)) {
      const target = `${project.vendor}/${each.name}/${program}`
      const content = files.get(target)
      if (content === undefined) continue
      const own = `${project.programs}/${posix.basename(program)}`
      if (made.has(own))
        throw new TemperError(
          'bad-recipe',
          `${each.where}: another package has a program ${posix.basename(program)} too`,
        )
      const text = programFile(content, { from: project.programs, target, vendor: project.vendor })
      const link = { path: `${into}/${own}`, mode: 0o777, content: new Uint8Array() }
      made.set(
        own,
        text === undefined
          ? { ...link, target: posix.relative(project.programs, target) }
          : fileOf(`${into}/${own}`, text, 0o755),
      )
    }
  return [...made.values()]
}
