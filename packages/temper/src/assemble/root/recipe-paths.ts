import { TemperError } from '../../base/error.ts'
import { inspectBytes } from '../../formats/file/inspect.ts'
import type { PathRequest, Recipe } from '../../model/recipe.ts'
import type { FileRequest, RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { RootNode } from '../../model/root.ts'
import type { NodeOrigin } from '../../model/tree/file-tree.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'
import { matchingPaths } from './matching-paths.ts'

/** What there is to put a recipe's files with. */
interface PathOptions {
  /** Files from `contents.files` and `paths`, in any order. */
  readonly files: readonly RecipeFile[]
  /** Time of everything that the recipe makes, in seconds since 1970. */
  readonly mtime: number
  /** Time of the packages of an application. Default: mtime. */
  readonly dependencyTime?: number
  /** The platform, such as "linux/amd64"; files for other platforms are left out. */
  readonly platform: string
}

function isFor(platform: string, { platforms }: FileRequest): boolean {
  return platforms === undefined || platforms.includes(platform)
}

/**
 * Puts the files of the recipe into the tree before effects run, so that effects see them: certificates become part
 * of the CA bundle and truststore, tmpfiles.d and sysusers.d lines count. `applyRecipePaths` puts them there again
 * afterwards, over whatever effects made.
 */
export function addRecipeFiles(root: Rootfs, recipe: Recipe, options: PathOptions): void {
  putFiles(root, recipe, options)
  for (const request of recipe.paths) if (request.type === 'file') applyPath(root, request, options)
}

/** Applies `contents.files`, then `paths`, each in the order of the recipe; later ones win. */
export function applyRecipePaths(root: Rootfs, recipe: Recipe, options: PathOptions): void {
  putFiles(root, recipe, options)
  for (const request of recipe.paths) applyPath(root, request, options)
}

function putFiles(
  root: Rootfs,
  { contents, steps = [], dependencies = [] }: Recipe,
  options: PathOptions,
): void {
  for (const request of contents.files)
    if (isFor(options.platform, request)) putSource(root, request, options)
  // A lock file may ask for nothing on this platform.
  for (const request of dependencies)
    for (const file of options.files)
      if (file.asked === request) putRecipeFile(root, file, options.dependencyTime ?? options.mtime)
  for (const { outputs } of steps) for (const output of outputs) putSource(root, output, options)
}

/** What follows from one request: a file, or all that is in a folder. */
function putSource(root: Rootfs, request: { readonly source: string }, { files, mtime }: PathOptions): void {
  const sources = files.filter((each) => (each.asked ?? each.request) === request)
  if (sources.length === 0)
    throw new TemperError('internal', `The recipe's file ${request.source} was not read`)
  for (const file of sources) putRecipeFile(root, file, mtime)
}

function putRecipeFile(root: Rootfs, file: RecipeFile, mtime: number): void {
  const { request, content, type = 'file', target } = file
  const path = request.path.replace(/^\/+/, '')
  const { uid, gid } = request
  const { dependency } = file
  const origin = { kind: 'recipe', ...(dependency === undefined ? {} : { dependency }) } as const
  const base = { path, size: 0, mtime, uid, gid, origin }
  if (type === 'file') putFile(root, request, { content, mtime, origin })
  else if (type === 'symlink')
    root.put({ ...base, type, mode: 0o777, ...(target === undefined ? {} : { target }) })
  // One that is there keeps its owner and permissions: an archive with /usr in it does not mean to change them.
  else if (root.resolve(path)?.type !== 'directory') root.put({ ...base, type, mode: request.mode })
}

function applyPath(root: Rootfs, request: PathRequest, options: PathOptions): void {
  const { mtime } = options
  const path = request.path.replace(/^\/+/, '')
  const base = { path, size: 0, mtime, origin: { kind: 'recipe' } as const }
  switch (request.type) {
    case 'directory':
      root.put({ ...base, type: 'directory', mode: request.mode, uid: request.uid, gid: request.gid })
      return
    case 'file':
      if ('source' in request) putSource(root, request, options)
      else putFile(root, request, { content: new TextEncoder().encode(request.content), mtime })
      return
    case 'symlink':
      root.put({ ...base, type: 'symlink', mode: 0o777, uid: 0, gid: 0, target: request.source })
      return
    case 'hardlink':
      root.put(hardLink(root, request.path, request.source))
      return
    case 'permissions':
      if (!root.get(root.canonical(path))) throw missing('change the permissions of', request.path)
      root.apply({ kind: 'attributes', ...withoutType(request), path }, { kind: 'recipe' })
      return
    case 'delete':
      remove(root, request.path)
      return
  }
}

function remove(root: Rootfs, pattern: string): void {
  const paths = matchingPaths(root, pattern)
  if (paths.length === 0) throw missing('delete', pattern)
  for (const path of paths) root.remove(path)
}

function putFile(
  root: Rootfs,
  request: { readonly path: string; readonly mode: number; readonly uid: number; readonly gid: number },
  file: { readonly content: Uint8Array; readonly mtime: number; readonly origin?: NodeOrigin },
): void {
  const entry = {
    path: request.path.replace(/^\/+/, ''),
    type: 'file',
    mode: request.mode,
    uid: request.uid,
    gid: request.gid,
    size: file.content.length,
    mtime: file.mtime,
  } as const
  // A program or script that the recipe brings has needs as one of a package has.
  root.put({
    ...inspectBytes(entry, file.content),
    content: file.content,
    origin: file.origin ?? { kind: 'recipe' },
  })
}

/** A hard link to a package's file would cross layers: the link becomes an entry beside its target. */
function hardLink(root: Rootfs, path: string, source: string): RootNode {
  const target = root.get(root.canonical(source))
  if (target?.type !== 'file') throw missing('link to', source)
  if (target.origin.kind === 'package') {
    throw new TemperError(
      'bad-recipe',
      `paths: cannot hard-link ${path} to ${source}, a file of package ${target.origin.package}`,
      {
        hint: 'Layers are separate archives: use type: symlink.',
      },
    )
  }
  const { mode, uid, gid, mtime } = target
  return {
    mode,
    uid,
    gid,
    mtime,
    path: path.replace(/^\/+/, ''),
    type: 'hardlink',
    size: 0,
    target: target.path,
    origin: { kind: 'recipe' },
  }
}

function withoutType({ type: _type, ...rest }: Extract<PathRequest, { type: 'permissions' }>) {
  return rest
}

function missing(verb: string, path: string): TemperError {
  return new TemperError(
    'bad-recipe',
    `paths: cannot ${verb} ${path}: the image has no such file or folder`,
    {
      hint: 'It may have been pruned or stripped already.',
      next: { action: 'list-left-out' },
      details: { path },
    },
  )
}
