import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { basename, dirname, join, parse, posix, relative } from 'node:path'
import { type ByteStream, collect } from '../../base/bytes.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { createHasher, type Digest, parseDigest, verified } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import type { FileRequest } from '../../model/recipe-parts/file-request.ts'
import { checkSource, type GitSource, isAddress, isBeside, parseGitSource } from '../normalise/source-name.ts'
import { filesOfFolder, type IsOwn } from './folder-source.ts'
import { type Ignores, ignoredByAny, readIgnoreFile, readIgnores } from './ignore-file.ts'
import { type FindInstalled, installedSource } from './installed-source.ts'

/** Largest file that a recipe adds: contents of recipe files are held in memory while assembling. */
const largest = 256 * 1024 * 1024

/** Content of known size that may be opened any number of times. */
export interface OpenableContent {
  readonly size: number
  open(): ByteStream
}

/** A file that a recipe adds, with what the lock records of it. */
export interface SourceContent extends OpenableContent {
  readonly request: FileRequest
  /** The very request that it follows from; a folder has many files. */
  readonly asked: FileRequest
  readonly digest: Digest
}

/** Fetches an https address whose content is known by digest: from a cache, or from the network. */
export type FetchFile = (address: string, digest: Digest) => Promise<OpenableContent>

/** Fetches the tree of a commit as an archive; `locate` finds a repository beside the recipe, where one is needed. */
export type FetchCommit = (
  source: GitSource,
  locate: (repository: string) => Promise<string>,
) => Promise<OpenableContent & { readonly digest: Digest }>

/** Where files that are neither addresses nor commits are looked for. */
interface Places {
  /** The first that has the file counts. */
  readonly folders: readonly string[]
  /** Packages of Temper itself, for names that no folder has. Absent: there are none. */
  readonly installed?: FindInstalled | undefined
  /** Absolute path of the recipe: it and its locks stay out of a folder that they lie in themselves. */
  readonly recipe?: string
}

/**
 * Finds the files that a recipe adds, those of a folder one by one, and checks them against their checksums. Files beside the recipe are
 * read once here and once when opened, and must be the same both times.
 */
export async function readRecipeFiles(
  requests: readonly FileRequest[],
  options: Places & {
    readonly fetch: FetchFile
    readonly fetchCommit: FetchCommit
  },
): Promise<SourceContent[]> {
  const all = await mapLimit(requests, 4, async (asked) => {
    const files = !isBeside(asked.source)
      ? undefined
      : await filesOfFolder(asked, await place(asked, options))
    return (files ?? [asked]).map((request) => ({ request, asked }))
  })
  return await mapLimit(all.flat(), 4, async ({ request, asked }) => {
    const what = `the recipe's file ${request.source}`
    const promised = request.checksum === undefined ? undefined : parseDigest(request.checksum, what)
    const commit = parseGitSource(request.source)
    if (commit !== undefined) {
      const find = (repository: string) => locate(repository, options)
      return { request, asked, ...(await options.fetchCommit(commit, find)) }
    }
    if (!isAddress(request.source))
      return { asked, ...(await readLocal(request, { ...options, promised, what })) }
    if (promised === undefined) throw new TemperError('bad-recipe', `${what}: an address needs a checksum`)
    const content = await options.fetch(request.source, promised)
    if (content.size > largest) throw tooLarge(what)
    const expected = { digest: promised, size: content.size, what }
    return {
      request,
      asked,
      digest: promised,
      size: content.size,
      open: () => verified(content.open(), expected),
    }
  })
}

async function readLocal(
  request: FileRequest,
  options: Places & {
    readonly promised: Digest | undefined
    readonly what: string
  },
): Promise<Omit<SourceContent, 'asked'>> {
  const { what, promised } = options
  const path = await locate(request.source, options)
  const hasher = createHasher()
  let size = 0
  for await (const chunk of readLocalFile(path, what)) {
    hasher.update(chunk)
    size += chunk.length
  }
  const digest = hasher.digest()
  if (promised !== undefined && promised !== digest)
    throw new TemperError('digest-mismatch', `${what}: expected ${promised}, found ${digest}`, {
      hint: 'The file changed since its checksum was written into the recipe. Correct the one or the other.',
    })
  return { request, digest, size, open: () => verified(readLocalFile(path, what), { digest, size, what }) }
}

/** The bytes of a small file beside the recipe, such as a key. `limit` is in bytes. */
export async function readBeside(
  source: string,
  options: { readonly folders: readonly string[]; readonly limit: number },
): Promise<Uint8Array> {
  const what = `the recipe's file ${source}`
  const path = await locate(source, options)
  return await collect(readLocalFile(path, what), { limit: options.limit, what })
}

/** Where a source is on the disk, and what is ignored there: what is Temper's own has no such file, the recipe may have one. */
async function place(
  { source, ignore }: FileRequest,
  places: Places,
): Promise<{ readonly path: string; readonly ignores: Ignores; readonly isOwn: IsOwn }> {
  const given = ignore === undefined ? [] : [below(source, readIgnores(ignore))]
  const path = await locate(source, places)
  const { folders, recipe } = places
  const isOwn = await ownFiles(recipe)
  for (const folder of folders)
    if (await lstat(join(folder, source)).catch(() => undefined))
      return { path, ignores: ignoredByAny([await readIgnoreFile(folder), ...given]), isOwn }
  const all = await Promise.all(folders.map(readIgnoreFile))
  return { path, ignores: ignoredByAny([...all, ...given]), isOwn }
}

/** Of a folder what is told relative to it. */
function below(source: string, ignores: Ignores): Ignores {
  const inside = (path: string) => posix.relative(source, path)
  return Object.assign((path: string) => ignores(inside(path)), {
    whole: (folder: string) => ignores.whole(inside(folder)),
  })
}

/** The recipe, and the locks of its platforms, lines and variants. */
async function ownFiles(recipe: string | undefined): Promise<IsOwn> {
  if (recipe === undefined) return () => false
  const { name, base } = parse(recipe)
  const home = await realpath(dirname(recipe))
  return (path) => {
    const other = basename(path)
    const isLock = other.startsWith(`${name}.`) && other.endsWith('.lock.json')
    return dirname(path) === home && (other === base || isLock)
  }
}

/** Where a source is on the disk: in the first of the folders that has it, else in a package of Temper. */
async function locate(source: string, { folders, installed }: Places): Promise<string> {
  const wrong = checkSource(source)
  if (wrong !== undefined) throw new TemperError('bad-recipe', `${source.slice(0, 200)}: ${wrong}`)
  const [own = '.'] = folders
  for (const folder of folders)
    if (await lstat(join(folder, source)).catch(() => undefined)) return await locateIn(source, folder)
  const part = installed === undefined ? undefined : installedSource(source, installed)
  return part === undefined ? await locateIn(source, own) : await locateIn(part.path, part.folder)
}

/** In the folder or below it, symlinks followed; only "." is the folder itself. */
async function locateIn(source: string, folder: string): Promise<string> {
  const root = await realpath(folder)
  const path = await realpath(join(root, source)).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new TemperError(
        'not-found',
        `The recipe adds the file ${source}, but ${join(root, source)} does not exist`,
        {
          hint: 'Files are named relative to the folder of the recipe.',
          details: { missing: source },
        },
      )
    throw fileError('read', join(root, source), error)
  })
  const below = relative(root, path)
  if ((below === '' && posix.normalize(source) !== '.') || below.startsWith('..'))
    throw new TemperError(
      'bad-recipe',
      `The recipe's file ${source} is a link that leaves the recipe's folder`,
      {
        hint: 'Copy the file beside the recipe.',
      },
    )
  return path
}

async function* readLocalFile(path: string, what: string): AsyncGenerator<Uint8Array, void, void> {
  // Without O_NONBLOCK a named pipe would block; it is refused below.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw fileError('read', path, error)
    },
  )
  try {
    const stats = await file.stat()
    if (!stats.isFile())
      throw new TemperError(
        'bad-recipe',
        `${what}: is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}`,
        {
          hint: 'Only files and folders go into an image.',
        },
      )
    if (stats.size > largest) throw tooLarge(what)
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 }))
      yield chunk as Uint8Array
  } finally {
    await file.close()
  }
}

function tooLarge(what: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: larger than ${largest} bytes`, {
    hint: 'Put large data into a package or a volume.',
  })
}
