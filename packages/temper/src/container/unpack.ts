import { chmod, lchown, link, lstat, mkdir, open, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { type CompressionFormat, decompress } from '../formats/decompress.ts'
import { readTar, type TarItem } from '../formats/tar/read.ts'
import type { Image } from '../model/image.ts'

const unpackedLimit = 64 * 2 ** 30

/**
 * Unpacks the layers of an image into an empty folder, with whiteouts (image-spec layer.md). No entry can
 * reach outside: links in its path are followed inside the folder only. Owners are set when we are root.
 */
export async function unpackImage(image: Image, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const layer of image.layers) {
    const what = `layer ${layer.descriptor.digest}`
    const tar = decompress(formatOf(layer.descriptor.mediaType), layer.open(), { what, limit: unpackedLimit })
    await unpackLayer(tar, { folder, what })
  }
}

interface Target {
  readonly folder: string
  readonly what: string
}

async function unpackLayer(tar: ByteStream, target: Target): Promise<void> {
  const folders: { path: string; mode: number }[] = []
  for await (const item of readTar(tar, { what: target.what })) {
    const parent = await insideFolder(target.folder, item.entry.path.split('/').slice(0, -1))
    const name = item.entry.path.slice(item.entry.path.lastIndexOf('/') + 1)
    if (name === '.wh..wh..opq') await empty(parent)
    else if (name.startsWith('.wh.')) await rm(join(parent, name.slice(4)), { recursive: true, force: true })
    else {
      const path = join(parent, name)
      await place(item, path, target)
      if (item.entry.type === 'directory') folders.push({ path, mode: item.entry.mode })
    }
  }
  // Last, so that a folder without write permission can still be filled.
  for (const { path, mode } of folders.reverse()) await chmod(path, mode)
}

async function place({ entry, content }: TarItem, path: string, target: Target): Promise<void> {
  const present = await lstatIfExists(path)
  if (entry.type === 'directory') {
    if (present && !present.isDirectory()) await rm(path)
    await mkdir(path, { recursive: true })
  } else {
    if (present) await rm(path, { recursive: true })
    if (entry.type === 'symlink') await symlink(entry.target ?? '', path)
    else if (entry.type === 'file') await writeContent(path, content)
    else if (entry.type === 'hardlink') {
      const parts = (entry.target ?? '').split('/')
      return await link(join(await insideFolder(target.folder, parts.slice(0, -1)), parts.at(-1) ?? ''), path)
    } else return // Devices and pipes: the runtime makes those that a container may have.
  }
  if (process.getuid?.() === 0) await lchown(path, entry.uid, entry.gid)
  if (entry.type === 'file') await chmod(path, entry.mode)
}

async function writeContent(path: string, content: ByteStream): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const chunk of content) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}

/** The folder that a path leads to, links followed as if `folder` were the root; missing parts are made. */
async function insideFolder(folder: string, parts: readonly string[]): Promise<string> {
  const pending = [...parts].reverse()
  const done: string[] = []
  let links = 0
  while (pending.length > 0) {
    const name = pending.pop() ?? ''
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      continue
    }
    const path = join(folder, ...done, name)
    const present = await lstatIfExists(path)
    if (present?.isSymbolicLink()) {
      if (++links > 40)
        throw new TemperError(
          'bad-image',
          `Too many symlinks in the path of a layer entry: ${parts.join('/')}`,
        )
      const target = await readlink(path)
      if (target.startsWith('/')) done.length = 0
      pending.push(...target.split('/').reverse())
      continue
    }
    if (present && !present.isDirectory()) {
      throw new TemperError(
        'bad-image',
        `A layer puts something below /${[...done, name].join('/')}, which is no folder`,
      )
    }
    if (!present) await mkdir(path)
    done.push(name)
  }
  return join(folder, ...done)
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}

async function lstatIfExists(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function formatOf(mediaType: string): CompressionFormat {
  if (mediaType.endsWith('gzip')) return 'gzip'
  if (mediaType.endsWith('zstd')) return 'zstd'
  return 'none'
}
