import { createReadStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { ByteStream } from '../../../base/bytes.ts'
import { collect } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { readAr } from '../../../formats/ar.ts'
import { type CompressionFormat, decompress, decompressFile } from '../../../formats/compress/decompress.ts'
import { readTar } from '../../../formats/tar/read.ts'
import type { PackageArchive } from '../../../model/distro.ts'
import { readMetadata } from './control.ts'

export interface ArchiveOptions {
  /** Name for errors: "nginx_1.26.3-3_amd64.deb". */
  readonly what: string
  /** The host's xz; absent: the built-in decoder. */
  readonly xzProgram?: string | undefined
}

/** Most bytes of a package's control archive: the largest in Debian has some 2 MiB. */
const controlLimit = 64 * 1024 * 1024
/** Most bytes of a package's files, once unpacked. */
const dataLimit = 16 * 2 ** 30
/** Threads for a data archive of several blocks. One CPU is left for compressing what comes out. */
const decoderThreads = Math.max(1, availableParallelism() - 1)

interface Member {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** Opens a .deb (deb(5)): reads its control archive, leaves its data for `entries`. */
export async function openArchive(path: string, options: ArchiveOptions): Promise<PackageArchive> {
  const { controlTar, data } = await readOutline(path, options)
  const metadata = await readMetadata(controlTar, options)
  return {
    metadata,
    entries: () => {
      const what = `${options.what}, ${data.name}`
      const region = { path, offset: data.offset, size: data.size }
      const limits = { what, limit: dataLimit, threads: decoderThreads }
      const tar = decompressFile(formatOf(data, options), region, { ...options, ...limits })
      return readTar(tar, { what, endMarker: 'required' })
    },
  }
}

/** Most bytes of one file of a control archive. */
const controlFileLimit = 32 * 1024 * 1024

/** All files of a .deb's control archive by name, which dpkg keeps for an installed package. */
export async function readControlFiles(
  path: string,
  options: ArchiveOptions,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { controlTar } = await readOutline(path, options)
  const files = new Map<string, Uint8Array>()
  for await (const { entry, content } of readTar(controlTar, { what: `${options.what}, control` })) {
    if (entry.type !== 'file' || !/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(entry.path)) continue
    const what = `${options.what}, ${entry.path}`
    files.set(entry.path, await collect(content, { limit: controlFileLimit, what }))
  }
  return files
}

/** Reads up to the data member: version, then control, then where the data lies. */
async function readOutline(
  path: string,
  options: ArchiveOptions,
): Promise<{ controlTar: ByteStream; data: Member }> {
  let versionSeen = false
  let controlTar: ByteStream | undefined
  for await (const member of readAr(createReadStream(path), { what: options.what })) {
    if (!versionSeen) {
      await checkVersion(member, options)
      versionSeen = true
    } else if (member.name.startsWith('control.tar')) {
      const what = `${options.what}, ${member.name}`
      const bytes = await collect(member.content, { limit: controlLimit, what })
      controlTar = decompress(formatOf(member, options), once(bytes), {
        ...options,
        what,
        limit: controlLimit,
      })
    } else if (member.name.startsWith('data.tar')) {
      if (!controlTar) throw damaged(options, 'data.tar comes before control.tar')
      return { controlTar, data: { name: member.name, offset: member.offset, size: member.size } }
    } else if (!member.name.startsWith('_')) {
      throw damaged(options, `member ${member.name} is not expected here`)
    }
  }
  throw damaged(options, 'it has no data.tar member')
}

async function checkVersion(
  member: { name: string; content: ByteStream },
  options: ArchiveOptions,
): Promise<void> {
  if (member.name !== 'debian-binary')
    throw damaged(options, `expected debian-binary first, found ${member.name}`)
  const text = Buffer.from(await collect(member.content, { limit: 1024, what: options.what })).toString(
    'latin1',
  )
  if (!/^2\.\d+\n/.test(text)) {
    throw damaged(options, `expected format version 2, found "${text.trim().slice(0, 20)}"`)
  }
}

const formats: ReadonlyMap<string, CompressionFormat> = new Map([
  ['', 'none'],
  ['.gz', 'gzip'],
  ['.xz', 'xz'],
  ['.zst', 'zstd'],
  // Of long ago, and still read by dpkg-deb.
  ['.bz2', 'bzip2'],
  ['.lzma', 'lzma'],
])

function formatOf({ name }: { readonly name: string }, options: ArchiveOptions): CompressionFormat {
  const format = formats.get(name.replace(/^(control|data)\.tar/, ''))
  if (format === undefined) throw damaged(options, `member ${name} has a compression that is not supported`)
  return format
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes
}

function damaged(options: ArchiveOptions, reason: string): TemperError {
  return new TemperError('bad-archive', `${options.what}: not a valid Debian package: ${reason}`, {
    hint: 'Once the file is removed from the cache, it is fetched again.',
    next: { action: 'prune-cache' },
  })
}
