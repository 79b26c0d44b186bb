import { posix } from 'node:path'
import { bytesOf, collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { compressionOf, decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import { looksLikeZip, openZip } from '../../formats/zip/open.ts'
import { memorySource } from '../../formats/zip/source.ts'
import type { InstalledFile } from '../../model/recipe-parts/dependency.ts'

/** What one package may hold. */
const limits = { entries: 50_000, bytes: 1024 * 1024 * 1024 }

interface Member {
  readonly name: string
  readonly mode: number
  readonly content: Uint8Array
  readonly target?: string
}

/**
 * What the archive of a package holds, below the folder that it goes to, as Composer lays it out: where one folder holds
 * everything, without that folder. Throws `bad-archive`.
 */
export async function unpackArchive(
  bytes: Uint8Array,
  { folder, what }: { readonly folder: string; readonly what: string },
): Promise<readonly InstalledFile[]> {
  const members = looksLikeZip(bytes) ? zipMembers(bytes, what) : await tarMembers(bytes, what)
  const tops = new Set(members.map(({ name }) => name.split('/')[0]))
  const isWrapped = tops.size === 1 && members.every(({ name }) => name.includes('/'))
  const files = members.map(({ name, mode, content, target }): InstalledFile => {
    const below = isWrapped ? name.slice(name.indexOf('/') + 1) : name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
    if (/[\x00-\x1f\x7f]/.test(below) || below.split('/').some((part) => /^\.{0,2}$/.test(part)))
      throw new TemperError(
        'bad-archive',
        `${what}: it has a file with an odd name: ${JSON.stringify(name.slice(0, 200))}`,
      )
    const file = { path: `${folder}/${below}`, mode, content }
    if (target === undefined) return file
    const leads = posix.join(posix.dirname(below), target)
    if (target.startsWith('/') || leads.split('/')[0] === '..')
      throw new TemperError(
        'bad-archive',
        `${what}: ${below.slice(0, 200)} is a link that leads out of the package`,
      )
    return { ...file, target }
  })
  return [...new Map(files.map((file) => [file.path, file])).values()]
}

function zipMembers(bytes: Uint8Array, what: string): readonly Member[] {
  const zip = openZip(memorySource(bytes), {
    what,
    limits: { entries: limits.entries },
    budget: { left: limits.bytes },
  })
  if (zip.refused.length > 0)
    throw new TemperError(
      'bad-archive',
      `${what}: ${JSON.stringify(zip.refused[0]?.slice(0, 200))} points outside the package`,
    )
  return zip.entries.flatMap((entry): Member[] => {
    if (entry.name.endsWith('/')) return []
    const content = Buffer.from(zip.read(entry))
    const kind = (entry.unixMode ?? 0) & 0o170000
    if (kind === 0o120000)
      return [{ name: entry.name, mode: 0o777, content: new Uint8Array(), target: content.toString('utf8') }]
    return [{ name: entry.name, mode: modeOf(entry.unixMode ?? 0), content }]
  })
}

async function tarMembers(bytes: Uint8Array, what: string): Promise<readonly Member[]> {
  const tar = decompress(compressionOf(bytes), bytesOf(bytes), { what, limit: limits.bytes })
  const members: Member[] = []
  for await (const { entry, content } of readTar(tar, {
    what,
    limits: { entries: limits.entries },
    endMarker: 'optional',
  })) {
    const name = entry.path.replace(/^(?:\.\/)+/, '')
    if (entry.type === 'symlink')
      members.push({ name, mode: 0o777, content: new Uint8Array(), target: entry.target ?? '' })
    if (entry.type !== 'file') continue
    members.push({
      name,
      mode: modeOf(entry.mode),
      content: Buffer.from(await collect(content, { limit: entry.size, what })),
    })
  }
  return members
}

function modeOf(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755
}
