import { type Stats, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'

/** What a path that a person gave is the path of, by what is there. */
export type FoundPath = 'oci' | 'dir' | 'oci-archive' | 'docker-archive' | 'sbom' | 'lock'

/** Bytes of a text that are looked at, and headers of an archive. */
const textBytes = 64 << 10
const headerLimit = 5000

/** Undefined when nothing is there. Throws `bad-reference` for a file that is none of these. */
export async function foundAt(path: string, shown: string): Promise<FoundPath | undefined> {
  const stats = statsOf(path)
  if (stats === undefined) return undefined
  if (stats.isDirectory()) return statsOf(join(path, 'oci-layout'))?.isFile() === true ? 'oci' : 'dir'
  if (!stats.isFile()) return undefined
  const file = await open(path, 'r')
  try {
    return await kindOf(file, shown)
  } finally {
    await file.close()
  }
}

/** Synchronously: every name of an image in a registry is looked for, and node:fs/promises takes longer to load. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

async function kindOf(file: FileHandle, shown: string): Promise<FoundPath> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(textBytes), 0, textBytes, 0)
  const start = buffer.subarray(0, bytesRead)
  const compressed = isCompressed(start)
  // The reader of Docker's archives takes compressed ones, and layouts in them too.
  if (compressed && /\.(?:tar|tgz)(?:\.\w+)?$/i.test(shown)) return 'docker-archive'
  if (compressed && /\.(?:json|xml|spdx)\.\w+$/i.test(shown)) return 'sbom'
  if (start.subarray(257, 262).toString('latin1') === 'ustar') return await archiveKind(file, shown)
  const text = start
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (text.startsWith('{')) return isLock(text) ? 'lock' : 'sbom'
  if (text.startsWith('<') || text.startsWith('SPDXVersion:')) return 'sbom'
  if (/^(?:#[^\n]*\n\s*)*(?:FROM|ARG) /.test(text))
    throw new TemperError('bad-reference', `${shown}: a Dockerfile, which holds no packages`, {
      hint: 'Build it, and name the image that it makes: docker:NAME, or HOST/NAME:TAG.',
    })
  throw new TemperError(
    'bad-reference',
    `${shown}: not an archive of an image, a bill of materials or a lock`,
    {
      hint: /\.ya?ml$/.test(shown)
        ? `If it is a recipe, lock it and name the lock (temper lock ${shown}), or build it and name the image; a document of packages is sbom:${shown}.`
        : `If it is a package, unpack it and write dir:FOLDER; to say what it is, write sbom:${shown}, oci-archive:${shown} or docker-archive:${shown}.`,
    },
  )
}

/** gzip, zstd, xz. */
function isCompressed(start: Buffer): boolean {
  return ['1f8b', '28b5', 'fd37'].includes(start.subarray(0, 2).toString('hex'))
}

/** A lock names its format and its compressor; bills of materials have neither. */
function isLock(text: string): boolean {
  return /"formatVersion"\s*:/.test(text) && /"compressor"\s*:/.test(text)
}

/** By the names of its files: those of docker save, or of an image layout. */
async function archiveKind(file: FileHandle, shown: string): Promise<FoundPath> {
  const names = new Set<string>()
  const header = Buffer.alloc(512)
  for (let offset = 0, i = 0; i < headerLimit; i++) {
    const { bytesRead } = await file.read(header, 0, 512, offset)
    if (bytesRead < 512 || header[0] === 0) break
    names.add(header.subarray(0, 100).toString('latin1').replace(/\0.*$/s, '').replace(/^\.\//, ''))
    const size = sizeIn(header)
    if (size === undefined) break
    offset += 512 + Math.ceil(size / 512) * 512
  }
  if (names.has('manifest.json')) return 'docker-archive'
  if (names.has('oci-layout')) return 'oci-archive'
  throw new TemperError('bad-reference', `${shown}: an archive of files, not of an image`, {
    hint: `Unpack it: mkdir root && tar -xf ${shown} -C root, then write dir:root.`,
  })
}

/** The size field of ustar (octal), or of GNU for large files (base 256). */
function sizeIn(header: Buffer): number | undefined {
  if (header[124] === 0x80) return Number(header.readBigUInt64BE(128))
  const text = header
    .subarray(124, 136)
    .toString('latin1')
    .replace(/[\0 ].*$/s, '')
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined
}
