import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ByteStream } from '../../../base/bytes.ts'
import { type Checksum, checksumHasher } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { fileError, makeFolder, temporaryPath } from '../../../base/file.ts'
import { download } from '../../../base/http/download.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import { requestOptions } from './access.ts'

export interface WantedFile {
  /** Where it goes. Folders are made. */
  readonly path: string
  readonly digest: Checksum
  /** Bytes. */
  readonly size: number
  /** For messages: "nginx_1.26_amd64.deb". */
  readonly what: string
}

/** A partial download smaller than this is not worth keeping. */
const worthKeeping = 256 * 1024

/**
 * Fetches a file to its place, which it gets only when size and digest are right. What an interrupted
 * download has got so far is kept beside it (`.part`) and continued by the next one, whichever process and
 * mirror that is; when the whole is then wrong, it is fetched once more from the start.
 */
export async function fetchFile(
  url: string,
  wanted: WantedFile,
  options: { readonly access: ArchiveAccess; readonly onBytes?: (count: number) => void },
): Promise<void> {
  const temporary = temporaryPath(wanted.path)
  let counted = 0
  const onBytes = (count: number) => {
    counted += count
    options.onBytes?.(count)
  }
  try {
    await makeFolder(dirname(wanted.path))
    const continued = await adoptPart(wanted, temporary)
    try {
      await fetchInto(url, wanted, { access: options.access, onBytes, temporary })
    } catch (error) {
      if (!continued || !(error instanceof TemperError) || error.code !== 'digest-mismatch') throw error
      await rm(temporary, { force: true })
      await fetchInto(url, wanted, { access: options.access, onBytes, temporary })
    }
    await rename(temporary, wanted.path)
  } catch (error) {
    options.onBytes?.(-counted)
    await leavePart(wanted, temporary, error)
    // More bytes than were promised are not those that were promised.
    if (error instanceof TemperError && error.code === 'limit-exceeded')
      throw mismatch(wanted, `more than ${wanted.size} bytes`)
    throw fileError('write', wanted.path, error)
  }
}

interface FetchOptions {
  readonly access: ArchiveAccess
  readonly onBytes: (count: number) => void
  readonly temporary: string
}

/** Appends to the temporary file until it holds all of the wanted bytes, and checks them. */
async function fetchInto(url: string, wanted: WantedFile, options: FetchOptions): Promise<void> {
  const file = await open(options.temporary, 'a+', 0o644)
  try {
    const hasher = checksumHasher(wanted.digest)
    let size = await hashSoFar(file, hasher)
    options.onBytes(size)
    if (size < wanted.size) {
      const rest: ByteStream = download(options.access.http, url, {
        ...requestOptions(options.access, url),
        what: wanted.what,
        limit: wanted.size,
        offset: size,
        resume: 'digest',
      })
      for await (const chunk of rest) {
        size += chunk.length
        hasher.update(chunk)
        await file.writeFile(chunk)
        options.onBytes(chunk.length)
      }
    }
    const digest = hasher.checksum()
    if (size === wanted.size && digest === wanted.digest) return
    options.onBytes(-size)
    throw mismatch(wanted, size === wanted.size ? digest : `${size} bytes`)
  } finally {
    await file.close()
  }
}

async function hashSoFar(file: FileHandle, hasher: { update(bytes: Uint8Array): void }): Promise<number> {
  const buffer = Buffer.allocUnsafe(256 * 1024)
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return position
    hasher.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

function mismatch(wanted: WantedFile, found: string): TemperError {
  return new TemperError(
    'digest-mismatch',
    `${wanted.what}: expected ${wanted.digest} (${wanted.size} bytes), found ${found}`,
    { hint: 'The mirror serves bytes other than those that were signed. Use another mirror.' },
  )
}

/** Takes over what an interrupted download left. Renaming makes sure that only one process has it. */
async function adoptPart(wanted: WantedFile, temporary: string): Promise<boolean> {
  try {
    await rename(`${wanted.path}.part`, temporary)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const { size } = await stat(temporary)
  if (size <= wanted.size) return true
  await rm(temporary, { force: true })
  return false
}

/** Keeps a download that broke off, drops one that went wrong. */
async function leavePart(wanted: WantedFile, temporary: string, error: unknown): Promise<void> {
  const broke = error instanceof TemperError && (error.code === 'network' || error.code === 'interrupted')
  const size = broke ? await sizeOf(temporary) : 0
  if (size >= worthKeeping) await rename(temporary, `${wanted.path}.part`)
  else await rm(temporary, { force: true })
}

/** Size in bytes of a file; -1 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -1
    throw fileError('read', path, error)
  }
}
