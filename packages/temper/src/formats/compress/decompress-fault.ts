import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import type { InputWindow } from '../bytes/input-window.ts'
import { Malformed } from './malformed.ts'

export interface DecompressOptions {
  /** What is being read, for errors: "nginx_1.26.3-3_amd64.deb, data.tar.xz". */
  readonly what: string
  /** Limit on the bytes of the result. */
  readonly limit: number
}

/**
 * A `bad-archive` error: damaged, cut off, or followed by something else. `reason` completes "NAME: not valid xz: ".
 */
export function notValid(
  format: string,
  reason: string,
  options: { readonly what: string; readonly cause?: unknown },
): TemperError {
  return new TemperError('bad-archive', `${options.what}: not valid ${format} data: ${reason}`, {
    hint: 'The file is damaged or incomplete. Fetch it again.',
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  })
}

/** Passes a stream on; more than `limit` bytes are an error. Empty chunks are left out. */
export async function* bounded(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > options.limit) throw tooLarge(options)
    if (chunk.length > 0) yield chunk
  }
}

/** The output of a decoder, within the limit; its input is closed at the end. `Malformed` becomes `bad-archive`. */
export async function* decoded(
  format: string,
  output: ByteStream,
  options: DecompressOptions & { readonly input: InputWindow },
): AsyncGenerator<Uint8Array> {
  try {
    yield* bounded(output, options)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw notValid(format, error.message, { ...options, cause: error })
  } finally {
    await options.input.close()
  }
}

export function tooLarge(options: DecompressOptions): TemperError {
  return new TemperError(
    'limit-exceeded',
    `${options.what}: more than ${options.limit} bytes once decompressed`,
    { hint: 'No package of this size is known; the file may be made to fill disks or memory.' },
  )
}
