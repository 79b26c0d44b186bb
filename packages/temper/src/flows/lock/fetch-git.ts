import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf } from '../../base/bytes.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { printableLine } from '../../base/printable.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { type GitEntry, modesOfTree, treeOfCommit } from '../../formats/git/objects.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import type { GitSource } from '../../recipe/normalise/source-name.ts'
import type { OpenableContent } from '../../recipe/source/file-source.ts'
import type { Context } from '../context.ts'
import { GitProgram } from './git-program.ts'
import { checkGitTree, proofHeader } from './git-proof.ts'

/** What one commit may hold: a program's sources, not an archive of data. */
const limits = { files: 50_000, bytes: 256 * 1024 * 1024 }

/**
 * The files of a commit as a tar whose bytes depend on the commit alone, and which proves that they are the commit's:
 * from the cache, else fetched without history, each object checked by its id. `locate` finds one beside the recipe.
 * Nothing from the repository is run or applied: no hooks, filters or attributes; submodules become empty folders, and
 * are reported. Errors: `tool-missing`, `network`, `bad-archive`, `bad-attestation`, `limit-exceeded`, `offline`.
 */
export async function fetchGitTree(
  { repository, commit }: GitSource,
  locate: (repository: string) => Promise<string>,
  context: Context,
): Promise<OpenableContent & { readonly digest: Digest }> {
  const { files, trees } = cachesOf(context)
  const key = sha256(commit)
  const known = await trees.getJson<Digest>(key)
  const bytes = known === undefined ? undefined : await files.get(known)
  if (known !== undefined && bytes !== undefined) return contentOf(bytes, known)
  const what = `the commit ${commit} of ${redactUrl(repository)}`
  const isRemote = /^https?:/.test(repository)
  if (context.offline && isRemote)
    throw new TemperError('offline', `${what} is not in the cache, and the network must not be used`, {
      next: { action: 'go-online' },
    })
  const { git } = context
  if (git === undefined)
    throw new TemperError('tool-missing', `Fetching ${what} needs git, which is not here`, {
      hint: 'Install it, or take an archive of the commit with its checksum.',
    })
  const place = isRemote ? repository : await locate(repository)
  const folder = await mkdtemp(join(context.temporaryDir, 'temper-git-'))
  const progress = context.progress.start(`Fetching ${what}`)
  try {
    const program = new GitProgram(git, folder, context)
    await program.fetch(place, commit)
    const made = await treeArchive(program, commit, { what, context })
    return contentOf(made, await keepGitTree(commit, made, context))
  } catch (error) {
    if (error instanceof TemperError && error.code !== 'interrupted')
      throw new TemperError(error.code, `${what}: ${error.message}`, {
        cause: error,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      })
    throw error
  } finally {
    progress.done()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts the tree of a commit into the cache, so that it is found without its repository. */
export async function keepGitTree(
  commit: string,
  tree: Uint8Array,
  context: Pick<Context, 'cacheDir' | 'progress'>,
): Promise<Digest> {
  const { files, trees } = cachesOf(context)
  const digest = sha256(tree)
  await files.put(digest, tree)
  await trees.put(sha256(commit), JSON.stringify(digest))
  return digest
}

function cachesOf({ cacheDir, progress }: Pick<Context, 'cacheDir' | 'progress'>) {
  return {
    files: new ValueCache(join(cacheDir, 'files-2'), progress),
    trees: new ValueCache(join(cacheDir, 'git-1'), progress),
  }
}

async function treeArchive(
  program: GitProgram,
  commit: string,
  { what, context }: { readonly what: string; readonly context: Context },
): Promise<Uint8Array> {
  const list = await program.text(['ls-tree', '-r', '-t', '-z', '--full-tree', `${commit}^{tree}`])
  const listed = list.split('\0').flatMap((line): GitEntry[] => {
    const [, mode = '', id = '', path = ''] = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t(.+)/s.exec(line) ?? []
    return path === '' ? [] : [{ mode, id, path }]
  })
  const entries = listed.filter(({ mode }) => mode !== folder)
  if (entries.length > limits.files)
    throw new TemperError('limit-exceeded', `it has more than ${limits.files} files`)
  const blobs = entries.filter(({ mode }) => mode !== submodule)
  for (const { mode, path } of entries)
    if (mode === submodule)
      context.progress.warn(`${what}: the submodule ${path} is not fetched: name it as an input of its own`)
  const object = await program.commit(commit)
  const root = { mode: folder, id: treeOfCommit(object) ?? '', path: '' }
  const modes = await modesAsWritten(program, [root, ...listed.filter(({ mode }) => mode === folder)])
  const contents = await program.objects(
    blobs.map(({ id }) => id),
    { type: 'blob', limit: limits.bytes },
  )
  tellPointers(blobs, contents, { what, context })
  const byPath = new Map(blobs.map(({ path }, at) => [path, contents[at] as Uint8Array]))
  const parts = entries.flatMap(({ mode, path }) => tarEntry(path, mode, byPath.get(path)))
  const written = entries.map((entry) => ({ ...entry, mode: modes.get(entry.path) ?? entry.mode }))
  const archive = Buffer.concat([proofHeader(object, written), ...parts, tarEnd])
  await checkGitTree(commit, archive)
  return archive
}

/** Files that were committed as names of what Git LFS keeps elsewhere: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md. */
function tellPointers(
  blobs: readonly GitEntry[],
  contents: readonly Uint8Array[],
  { what, context }: { readonly what: string; readonly context: Context },
): void {
  const isPointer = (content: Uint8Array) =>
    content.length < 1024 && Buffer.from(content).toString('latin1').startsWith(pointer)
  const paths = blobs.flatMap(({ path }, at) => (isPointer(contents[at] as Uint8Array) ? [path] : []))
  const [first] = paths
  if (first === undefined) return
  const files = paths.length === 1 ? first : `${first} and ${paths.length - 1} more`
  context.progress.warn(
    `${what}: of what Git LFS keeps elsewhere it has only the pointers (${printableLine(files, { most: 200 })}): give the files themselves as inputs with their checksums`,
  )
}

const pointer = 'version https://git-lfs.github.com/spec/v1\n'

/** By path, since old commits have modes that git does not list as they are. */
async function modesAsWritten(
  program: GitProgram,
  folders: readonly GitEntry[],
): Promise<ReadonlyMap<string, string>> {
  const trees = await program.objects(
    folders.map(({ id }) => id),
    { type: 'tree', limit: limits.bytes },
  )
  return new Map(
    folders.flatMap(({ id, path }, at) =>
      [...modesOfTree(trees[at] as Uint8Array, id)].map(
        ([name, mode]) => [path === '' ? name : `${path}/${name}`, mode] as const,
      ),
    ),
  )
}

/** Kinds of a tree's entries (git-fast-import(1), "filemodify"). */
const [folder, submodule, link, executable] = ['040000', '160000', '120000', '100755']

function tarEntry(path: string, mode: string, content: Uint8Array = new Uint8Array()): readonly Uint8Array[] {
  const base = { path, uid: 0, gid: 0, mtime: 0 }
  if (mode === submodule) return [encodeTarHeader({ ...base, type: 'directory', mode: 0o755, size: 0 })]
  if (mode === link) {
    const target = Buffer.from(content).toString('utf8')
    return [encodeTarHeader({ ...base, type: 'symlink', mode: 0o777, size: 0, target })]
  }
  const size = content.length
  const header = encodeTarHeader({ ...base, type: 'file', mode: mode === executable ? 0o755 : 0o644, size })
  return [header, content, tarPadding(size)]
}

function contentOf(bytes: Uint8Array, digest: Digest): OpenableContent & { readonly digest: Digest } {
  return { digest, size: bytes.length, open: () => bytesOf(bytes) }
}
