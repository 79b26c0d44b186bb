import { mkdtemp, open, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf, textOf } from '../../base/json/value.ts'
import { printableLine } from '../../base/printable.ts'
import type { Store } from '../../model/store.ts'
import { openArchive } from '../archive/archive.ts'
import { writeAll } from '../layout/blob-file.ts'
import type { OpenDaemonOptions } from './daemon-options.ts'
import { isUnreachable, noDaemon, noSuchImage } from './no-daemon.ts'
import { readOnly } from './read-only.ts'

/** Most bytes of an archive that a daemon hands out. */
const archiveLimit = 32 * 2 ** 30
const messageLimit = 64 << 10
/** Milliseconds without a byte; packing a large image takes a while before the first one. */
const silenceLimit = 300_000

interface Wanted {
  readonly daemon: 'docker' | 'podman'
  readonly name: string
}

/**
 * An image from Docker, or from podman, which offers Docker's API too (Docker Engine API, "Export an image": GET
 * /images/{name}/get answers with an archive as `docker save` writes it).
 */
export async function openEngine(wanted: Wanted, options: OpenDaemonOptions): Promise<Store> {
  const response = await ask(wanted, options)
  if (response.statusCode !== 200) throw await refused(response, wanted)
  const folder = await mkdtemp(join(options.temporaryDir, `temper-${wanted.daemon}-`))
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'image.tar')
    await save(response, path, wanted)
    return readOnly(await openArchive(path, { format: 'docker' }), dispose)
  } catch (error) {
    await dispose()
    throw error
  }
}

async function ask({ daemon, name }: Wanted, options: OpenDaemonOptions): Promise<IncomingMessage> {
  const tried: { socket: string; error: unknown }[] = []
  // The slashes of a name are part of the path, as Docker's own client sends them.
  const path = `/images/${name.split('/').map(encodeURIComponent).join('/')}/get`
  for (const socket of options.sockets) {
    try {
      return await get(socket, path, options.signal)
    } catch (error) {
      if (!isUnreachable(error)) throw failed(daemon, error)
      tried.push({ socket, error })
    }
  }
  throw noDaemon(daemon, tried)
}

function get(socket: string, path: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const place = socket.startsWith('http://')
    ? { host: new URL(socket).hostname, port: new URL(socket).port }
    : { socketPath: socket }
  return new Promise((resolve, reject) => {
    const call = request(
      { ...place, path, headers: { host: 'localhost' }, ...(signal === undefined ? {} : { signal }) },
      resolve,
    )
    call.setTimeout(silenceLimit, () => call.destroy(new Error('no answer within five minutes')))
    call.on('error', reject)
    call.end()
  })
}

async function refused(response: IncomingMessage, { daemon, name }: Wanted): Promise<TemperError> {
  const body = await collect(response, { limit: messageLimit, what: `the answer of ${daemon}` })
  const said = printableLine(messageOf(Buffer.from(body).toString()), { most: 200 })
  if (response.statusCode === 404) return noSuchImage(daemon, name)
  return new TemperError(
    'tool-failed',
    `${daemon} does not hand out "${name}": status ${response.statusCode}, ${said}`,
  )
}

/** Docker's errors are `{"message": "…"}`. */
function messageOf(text: string): string {
  // Without one, something in between answered.
  return textOf(memberOf(tryJson(text), 'message')) ?? text
}

async function save(response: IncomingMessage, path: string, { daemon, name }: Wanted): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error) => {
    throw fileError('write', path, error)
  })
  let size = 0
  try {
    for await (const chunk of response) {
      size += chunk.length
      if (size > archiveLimit)
        throw new TemperError('limit-exceeded', `${daemon}:${name}: more than ${archiveLimit} bytes`)
      await writeAll(file, chunk)
    }
  } catch (error) {
    throw error instanceof TemperError ? error : failed(daemon, error)
  } finally {
    await file.close()
  }
}

function failed(daemon: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error
  if (['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? ''))
    return fileError('write', 'a temporary file', error)
  return new TemperError('tool-failed', `${daemon} broke off: ${printableLine(error.message)}`, {
    cause: error,
  })
}
