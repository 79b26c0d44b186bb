import { readdir, realpath, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import type { Ignores } from './ignore-file.ts'

/** Most files of one folder, and how deep they may lie: an application with its modules, not a disk. */
const mostFiles = 50_000
const deepest = 64

/** Whether a path is Temper's own here: a recipe or its lock. */
export type IsOwn = (path: string) => boolean

/**
 * The files of a folder beside the recipe as requests of their own, in the order of their names by code unit. Each
 * gets owner and permissions from the request, since what a checkout gives its files depends on the machine. What
 * `.dockerignore` names is left out, and so are the recipe and its locks (`isOwn`), images that were built into it, and of the folder of
 * the recipe itself git's data. Links are followed; where one leads is checked when the file is read. Undefined
 * when the source is a file.
 */
export async function filesOfFolder(
  request: FileRequest,
  about: { readonly path: string; readonly ignores: Ignores; readonly isOwn: IsOwn },
): Promise<readonly FileRequest[] | undefined> {
  const { path, ignores, isOwn } = about
  if (!(await isFolder(path))) return undefined
  if (request.checksum !== undefined)
    throw new TemperError('bad-recipe', `The recipe's folder ${request.source}: a checksum is for one file`, {
      hint: 'Leave the checksum out: the lock records the digest of each file.',
    })
  const names: string[] = []
  await gather({ path, name: '', parents: [] }, names, { source: request.source, ignores, isOwn })
  if (names.length === 0)
    throw new TemperError(
      'bad-recipe',
      `The recipe's folder ${request.source}: expected files in it, found none`,
      {
        hint: 'A folder without files is made by an entry of type: directory under paths.',
      },
    )
  const { ignore: _, ...each } = request
  return names.map((name) => ({
    ...each,
    source: posix.join(request.source, name),
    path: posix.join(request.path, name),
  }))
}

interface Place {
  readonly path: string
  /** Path below the folder that was asked for; "" for the folder itself. */
  readonly name: string
  /** Where the folders above it really are. */
  readonly parents: readonly string[]
}

async function gather(
  { path, name, parents }: Place,
  names: string[],
  about: { readonly source: string; readonly ignores: Ignores; readonly isOwn: IsOwn },
): Promise<void> {
  const { source, ignores, isOwn } = about
  const here = await realpath(path)
  if (parents.includes(here) || parents.length >= deepest)
    throw new TemperError(
      'bad-recipe',
      `The recipe's folder ${posix.join(source, name)} is a link to a folder above it, or lies deeper than ${deepest}`,
    )
  const entries = await readdir(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  // An image that Temper built here before.
  if (name !== '' && entries.includes('oci-layout') && entries.includes('blobs')) return
  for (const entry of entries.sort()) {
    if (name === '' && posix.normalize(source) === '.' && entry === '.git') continue
    const below = { path: join(path, entry), name: posix.join(name, entry), parents: [...parents, here] }
    if (ignores.whole(posix.join(source, below.name))) continue
    if (await isFolder(below.path)) await gather(below, names, about)
    else if (!isOwn(join(here, entry)) && !ignores(posix.join(source, below.name))) names.push(below.name)
    if (names.length > mostFiles)
      throw new TemperError(
        'limit-exceeded',
        `The recipe's folder ${source}: expected at most ${mostFiles} files, found more`,
        {
          hint: 'Put them into a package, or name what the program does not need, such as node_modules, in .dockerignore.',
        },
      )
  }
}

/** What is not there, or is a broken link, is told when it is read. */
async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}
