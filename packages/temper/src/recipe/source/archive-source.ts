import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { compressionOf, decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import { looksLikeZip, openZip } from '../../formats/zip/open.ts'
import { memorySource } from '../../formats/zip/source.ts'
import type { FileRequest, RecipeFile } from '../../model/recipe-parts/file-request.ts'
import { parentOf } from '../../model/tree/path.ts'

/** What one archive may hold: an application with its modules, not a disk. */
const limits = { entries: 50_000, bytes: 1024 * 1024 * 1024 }

/** One object of an archive, links as they are. */
interface ArchiveEntry {
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink'
  readonly mode: number
  readonly content: Uint8Array
  readonly target?: string
}

/**
 * The contents of an archive that a recipe unpacks: tar, possibly compressed with gzip, xz, zstd or bzip2, and zip,
 * recognised by their bytes. The first `strip` folders of each name are dropped, and entries whose names have nothing
 * left are left out. Errors: `bad-archive` for damage, for names that lead out of the archive, for entries below a
 * link of the archive, and for entries other than files, folders and links; `limit-exceeded`; `bad-recipe` when
 * nothing is left.
 */
export async function filesOfArchive(
  request: FileRequest,
  bytes: Uint8Array,
  options: { readonly xzProgram?: string | undefined } = {},
): Promise<readonly RecipeFile[]> {
  const what = `the recipe's archive ${request.source}`
  const all = looksLikeZip(bytes) ? readZip(bytes, what) : await readTarball(bytes, { ...options, what })
  const entries = resolveHardLinks(all, what)
  checkParents(entries, what)
  const { strip = 0, modes = 'kept' } = request.unpack ?? {}
  const files = [...entries.values()].flatMap((entry): RecipeFile[] => {
    const name = entry.path.split('/').slice(strip).join('/')
    if (name === '') return []
    const { type, content, target } = entry
    const executable = type === 'directory' || (entry.mode & 0o100) !== 0
    const mode = type === 'file' && modes === 'given' ? request.mode : executable ? 0o755 : 0o644
    const { uid, gid } = request
    return [
      {
        request: {
          source: `${request.source}!/${entry.path}`,
          path: joined(request.path, name),
          mode,
          uid,
          gid,
        },
        asked: request,
        ...(type === 'file' || type === 'hardlink' ? {} : { type }),
        content,
        ...(target === undefined ? {} : { target }),
      },
    ]
  })
  if (files.length > 0) return files
  throw new TemperError('bad-recipe', `${what}: expected files in it, found none${afterStrip(strip)}`, {
    hint: '"strip" leaves out that many folders at the start of each name.',
  })
}

function afterStrip(strip: number): string {
  return strip === 0 ? '' : ` with more than ${strip} parts in their names`
}

function joined(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}

async function readTarball(
  bytes: Uint8Array,
  { what, xzProgram }: { readonly what: string; readonly xzProgram?: string | undefined },
): Promise<readonly ArchiveEntry[]> {
  const source = decompress(compressionOf(bytes), bytesOf(bytes), {
    what,
    limit: limits.bytes,
    ...(xzProgram === undefined ? {} : { xzProgram }),
  })
  const entries: ArchiveEntry[] = []
  const options = { what, limits: { entries: limits.entries }, endMarker: 'optional' } as const
  for await (const { entry, content } of readTar(source, options)) {
    const { path, type, mode, target, size } = entry
    if (type !== 'file' && type !== 'directory' && type !== 'symlink' && type !== 'hardlink')
      throw unusable(what, path, `it is a ${type} device or pipe`.replace('fifo device or ', ''))
    entries.push({
      path,
      type,
      mode,
      content: type === 'file' ? Buffer.from(await collect(content, { limit: size, what })) : none,
      ...(target === undefined ? {} : { target }),
    })
  }
  return entries
}

const none = new Uint8Array()
/** S_IFMT and S_IFLNK of stat(2), which zip archives made on Unix keep. */
const [kindMask, linkKind] = [0o170000, 0o120000]

function readZip(bytes: Uint8Array, what: string): readonly ArchiveEntry[] {
  const zip = openZip(memorySource(bytes), {
    what,
    limits: { entries: limits.entries },
    budget: { left: limits.bytes },
  })
  const [refused] = zip.refused
  if (refused !== undefined) throw unusable(what, refused, 'its name leads out of the archive')
  return zip.entries.map((entry): ArchiveEntry => {
    const path = entry.name
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
    const mode = entry.unixMode ?? 0o644
    if (entry.name.endsWith('/')) return { path, type: 'directory', mode: 0o755, content: none }
    const content = zip.read(entry)
    if ((mode & kindMask) !== linkKind) return { path, type: 'file', mode: mode & 0o777, content }
    const target = Buffer.from(content).toString('utf8')
    if (target === '' || target.length > 4096 || target.includes('\0'))
      throw unusable(what, path, 'the link leads nowhere')
    return { path, type: 'symlink', mode: 0o777, content: none, target }
  })
}

/** Of equal names the last one counts; a hard link is the file that it shares. */
function resolveHardLinks(all: readonly ArchiveEntry[], what: string): ReadonlyMap<string, ArchiveEntry> {
  const entries = new Map<string, ArchiveEntry>()
  for (const entry of all) {
    if (entry.path === '') continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (/[\x00-\x1f\x7f]/.test(entry.path))
      throw unusable(what, entry.path, 'its name has control characters')
    const shared = entry.type === 'hardlink' ? entries.get(entry.target ?? '') : entry
    if (shared === undefined || (shared !== entry && shared.type === 'directory'))
      throw unusable(what, entry.path, 'it is a hard link to what does not stand before it')
    entries.delete(entry.path)
    entries.set(entry.path, { ...shared, path: entry.path })
  }
  return entries
}

/** What lies below a link would be put where the link leads, which may be anywhere. */
function checkParents(entries: ReadonlyMap<string, ArchiveEntry>, what: string): void {
  for (const { path } of entries.values())
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const type = entries.get(at)?.type
      if (type !== undefined && type !== 'directory')
        throw unusable(what, path, `it lies below ${at}, which is a ${type === 'symlink' ? 'link' : 'file'}`)
    }
}

function unusable(what: string, path: string, why: string): TemperError {
  return new TemperError(
    'bad-archive',
    `${what}: ${JSON.stringify(path.slice(0, 200))} is not unpacked: ${why}`,
    {
      hint: 'Make the archive without it.',
    },
  )
}
