import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import type { ByteStream } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { fileError } from '../../../base/file.ts'
import { printableLine } from '../../../base/printable.ts'
import { badPackage, shown } from '../../../formats/apk/fault.ts'
import { type ApkHead, apkHeadLimit, readApkHead } from '../../../formats/apk/package.ts'
import { readRegion } from '../../../formats/bytes/file-region.ts'
import { decompress } from '../../../formats/compress/decompress.ts'
import { readTar, type TarItem } from '../../../formats/tar/read.ts'
import type { PackageArchive } from '../../../model/distro.ts'
import { readApkData } from './data.ts'
import { licenceOf } from './licence.ts'

/** Most bytes of a package's files, once unpacked. */
const dataLimit = 16 * 2 ** 30
/** Bytes that hold the head of nearly every package; only where they do not, more are read. */
const usualHead = 256 * 1024

const checksumKeys = { 'APK-TOOLS.checksum.SHA1': 'sha1', 'APK-TOOLS.checksum.SHA256': 'sha256' } as const

/**
 * Opens a package of version 2 (apk-package(5)): reads its control member and leaves its files for `entries`, which
 * also checks them against the data hash and their checksums. Errors: `bad-archive`, `limit-exceeded`.
 */
export async function openArchive(path: string, what: string): Promise<PackageArchive> {
  const { head, size } = await readHead(path, what)
  const data = readApkData(head, what)
  const { record } = data
  const { name, version, architecture } = record
  return {
    metadata: {
      identity: { name, version, architecture },
      about: {
        ...(record.maintainer === undefined ? {} : { maintainer: record.maintainer }),
        ...(record.url === undefined ? {} : { homepage: record.url }),
        ...(record.description === undefined ? {} : { summary: record.description }),
        ...(record.licence === undefined ? {} : { licence: licenceOf(record.licence) }),
      },
      own: data,
    },
    entries: () => entriesOf({ path, head, size }, what),
  }
}

/** What precedes the files, and the total size. */
export async function readHead(
  path: string,
  what: string,
): Promise<{ readonly head: ApkHead; readonly size: number }> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  const few = Math.min(size, usualHead)
  try {
    return { head: await readApkHead(await readStart(path, few), what), size }
  } catch (error) {
    const isShort = error instanceof TemperError && error.code === 'bad-archive' && few < size
    if (!isShort) throw error
    return { head: await readApkHead(await readStart(path, Math.min(size, apkHeadLimit)), what), size }
  }
}

async function readStart(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(size)
    for (let done = 0; done < size; ) {
      const { bytesRead } = await file.read(buffer, done, size - done, done)
      if (bytesRead === 0) return buffer.subarray(0, done)
      done += bytesRead
    }
    return buffer
  } finally {
    await file.close()
  }
}

interface Opened {
  readonly path: string
  readonly head: ApkHead
  readonly size: number
}

async function* entriesOf({ path, head, size }: Opened, what: string): ReturnType<PackageArchive['entries']> {
  const { end } = head.control
  if (end >= size) throw badPackage(what, 'it ends before its files')
  const packed = dataHashed(readRegion({ path, offset: end, size: size - end }, { what }), head, what)
  const tar = decompress('gzip', packed, { what, limit: dataLimit })
  const options = { what, records: Object.keys(checksumKeys) }
  for await (const item of readTar(tar, options)) {
    // What begins with a dot is for apk itself, and never unpacked.
    if (item.entry.path.startsWith('.')) continue
    yield { entry: item.entry, content: checkedContent(item, what) }
  }
}

/** The bytes of the data member; at their end they have to be those that the control member names. */
async function* dataHashed(source: ByteStream, { info }: ApkHead, what: string): ByteStream {
  const stated = info.get('datahash')?.[0]
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  const digest = hash.digest('hex')
  if (digest === stated) return
  throw badPackage(
    what,
    `its files are not those that its .PKGINFO names: expected the data hash ${printableLine(stated ?? 'of some kind', { most: 80 })}, found ${digest}`,
  )
}

/** Passes a file's bytes on; at their end they have to have the checksum that stands before the entry. */
async function* checkedContent({ entry, content, records }: TarItem, what: string): ByteStream {
  const checks = Object.entries(checksumKeys).flatMap(([key, algorithm]) => {
    const stated = records?.get(key)
    return stated === undefined || entry.type !== 'file' ? [] : [{ stated, hash: createHash(algorithm) }]
  })
  for await (const chunk of content) {
    for (const { hash } of checks) hash.update(chunk)
    yield chunk
  }
  for (const { stated, hash } of checks) {
    const digest = hash.digest('hex')
    if (digest !== stated.toLowerCase())
      throw badPackage(
        what,
        `${shown(`/${entry.path}`, 200)} has the checksum ${digest}, not the stated one, ${printableLine(stated, { most: 80 })}`,
      )
  }
}
