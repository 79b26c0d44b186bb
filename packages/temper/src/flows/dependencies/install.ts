import { posix } from 'node:path'
import { collect } from '../../base/bytes.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { glob } from '../../base/glob.ts'
import { type HostMachine, isForeign } from '../../dependencies/foreign.ts'
import { installTarball } from '../../dependencies/npm/tarball.ts'
import { pythonPlaces } from '../../dependencies/python/places.ts'
import { installWheel } from '../../dependencies/python/wheel.ts'
import { strippedElf } from '../../formats/elf/strip.ts'
import type { Recipe } from '../../model/recipe.ts'
import type {
  DependencyRequest,
  InstalledFile,
  LockedDependency,
} from '../../model/recipe-parts/dependency.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { Context } from '../context.ts'
import { fetchRecipeFile } from '../lock/fetch-recipe-file.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import { requirePython } from './choose.ts'
import { type ComposerRest, composerRest, installComposer } from './composer-install.ts'
import { gemRest, installedGem } from './gem.ts'
import type { DependencyHost } from './host.ts'

/**
 * The files of the packages in a lock, each verified by its digest, for the image and, with `forSteps`, for build steps. Nothing
 * of them is run.
 */
export async function dependencyFiles(
  { recipe, sources, files: ownFiles }: Pick<RecipeTarget, 'recipe' | 'sources' | 'files'>,
  { locked, host }: { readonly locked: readonly LockedDependency[]; readonly host: DependencyHost },
  context: Context,
): Promise<readonly RecipeFile[]> {
  const files: RecipeFile[] = []
  for (const request of recipe.dependencies ?? []) {
    const own = locked.filter(
      ({ lockFile, dev }) => lockFile === request.lockFile.source && dev === request.dev,
    )
    const all = await mapLimit(own, 2, (each) => installed(each, { request, recipe, host }, context))
    const placed = new Map<string, { readonly file: InstalledFile; readonly by: string }>()
    const rest =
      own.length === 0 ? undefined : restOf(request, sources, { installed: all.flat(), own: ownFiles })
    for (const [i, some] of all.entries())
      for (const file of some) place(placed, runnable(file, rest?.programs), own[i]?.name ?? '')
    for (const file of rest?.files ?? []) place(placed, file, rest?.by ?? '')
    for (const { file, by } of placed.values()) files.push(recipeFile(file, by, request))
  }
  return files
}

/** What belongs to no package alone. */
function restOf(
  request: DependencyRequest,
  sources: RecipeTarget['sources'],
  files: { readonly installed: readonly InstalledFile[]; readonly own: readonly RecipeFile[] },
): Partial<ComposerRest> | undefined {
  if (request.kind === 'composer') return composerRest(request, sources, files)
  return request.kind === 'gem' ? gemRest(request) : undefined
}

async function installed(
  locked: LockedDependency,
  about: { readonly request: DependencyRequest; readonly recipe: Recipe; readonly host: DependencyHost },
  context: Context,
): Promise<readonly InstalledFile[]> {
  const { request, recipe, host } = about
  const what = `the package ${locked.name} ${locked.version}`
  const content = await fetchRecipeFile({ address: locked.url, digest: locked.digest, what }, context)
  const bytes = await collect(content.open(), { limit: content.size, what })
  const isKept = (file: InstalledFile) => !isForeign(file, machineOf(file, recipe, host))
  if (request.kind === 'python')
    return installWheel(bytes, locked.file, {
      places: pythonPlaces(request.into, {
        distribution: recipe.distribution,
        minor: () => requirePython(host).minor,
      }),
      isKept,
    })
  if (request.kind === 'maven')
    return [{ path: `${request.into ?? ''}/${locked.file}`, mode: 0o644, content: Buffer.from(bytes) }]
  if (request.kind === 'gem')
    return (await installedGem(bytes, { locked, into: request.into ?? '', host, what })).filter(isKept)
  if (request.kind === 'composer')
    return await installComposer(bytes, { locked, into: request.into ?? '', what })
  const files = (await installNpm(bytes, { locked, into: request.into ?? '', what })).filter(isKept)
  return request.strip === true ? files.map(stripped) : files
}

/** What a recipe deletes by itself stays to be deleted, as it was before files for musl were left out. */
function machineOf({ path }: InstalledFile, { paths }: Recipe, host: DependencyHost): HostMachine {
  const { architecture } = host.platform
  const has = (pattern: RegExp) => host.packages.some(({ name }) => pattern.test(name))
  const isDeleted = paths.some((each) => each.type === 'delete' && glob(each.path)(path))
  const hasGlibcAlone = has(/^(?:libc6|glibc)$/) && !has(/^musl$/) && !isDeleted
  return { architecture, libc: hasGlibcAlone ? 'glibc' : undefined }
}

/** A name of the application's own node_modules: what has one is found by the project itself, with its programs. */
const ownName = /^node_modules\/(?!\.)(?:@[^/]+\/)?[^/]+$/

async function installNpm(
  bytes: Uint8Array,
  about: { readonly locked: LockedDependency; readonly into: string; readonly what: string },
): Promise<readonly InstalledFile[]> {
  const { locked, into, what } = about
  const { place = '', links } = locked
  const places = links?.filter((link) => ownName.test(link)).map((link) => `${into}/${link}`)
  const files = await installTarball(bytes, {
    folder: `${into}/${place}`,
    name: locked.name,
    what,
    ...(places === undefined ? {} : { found: places }),
  })
  return [...files, ...(links ?? []).map((link) => linkTo(`${into}/${link}`, `${into}/${place}`))]
}

function linkTo(path: string, to: string): InstalledFile {
  const target = posix.relative(posix.dirname(path), to)
  return { path, mode: 0o777, content: new Uint8Array(), target }
}

function runnable(file: InstalledFile, programs: ReadonlySet<string> | undefined): InstalledFile {
  return programs?.has(file.path) ? { ...file, mode: 0o755 } : file
}

function stripped(file: InstalledFile): InstalledFile {
  const { buffer, byteOffset, length } = file.content
  const content = strippedElf(Buffer.from(buffer, byteOffset, length))
  return content === undefined ? file : { ...file, content }
}

/**
 * Programs by which others call them. Of several with one name npm keeps that of the first package, in the order of its lock file
 * (link-gently of bin-links, and the sorted queue of arborist's rebuild).
 */
const binLink = /\/node_modules\/\.bin\/[^/]+$/

function place(
  placed: Map<string, { readonly file: InstalledFile; readonly by: string }>,
  file: InstalledFile,
  by: string,
): void {
  const before = placed.get(file.path)
  if (before !== undefined && binLink.test(file.path)) return
  const isSame =
    before !== undefined &&
    before.file.target === file.target &&
    Buffer.compare(before.file.content, file.content) === 0
  if (before !== undefined && !isSame && before.by !== by)
    throw new TemperError(
      'bad-recipe',
      `dependencies: ${before.by} and ${by} both provide ${file.path}, with different content`,
      {
        hint: 'One of them replaces the other: leave one out of the lock file.',
        details: { path: file.path, packages: [before.by, by] },
      },
    )
  placed.set(file.path, { file, by })
}

function recipeFile(
  { path, mode, content, target }: InstalledFile,
  by: string,
  asked: DependencyRequest,
): RecipeFile {
  return {
    request: { source: `${asked.lockFile.source}: ${by}`, path, mode, uid: 0, gid: 0 },
    asked,
    dependency: by,
    ...(asked.dev === true ? { forSteps: true } : {}),
    content,
    ...(target === undefined ? {} : { type: 'symlink', target }),
  }
}
