import { crc32, inflateRawSync } from 'node:zlib'
import { TemperError } from '../../base/error.ts'
import { notValid, tooLarge } from '../compress/decompress-fault.ts'

/** One gzip member of a file that has several in a row. */
export interface GzipMember {
  readonly content: Uint8Array
  /** Where it starts and ends in the given bytes. */
  readonly start: number
  readonly end: number
}

export interface MemberOptions {
  /** What is being read, for errors: "curl-8.5.0-r0.apk". */
  readonly what: string
  /** Limit on the bytes of its content. */
  readonly limit: number
}

/**
 * Unpacks the gzip member (RFC 1952) that starts at `start`, and returns where it ends, since signatures and
 * checksums of apk cover members, not files. Errors: `bad-archive` when it is damaged or cut off, `limit-exceeded`.
 */
export function readGzipMember(bytes: Uint8Array, start: number, options: MemberOptions): GzipMember {
  const from = start + headerLength(bytes, start, options)
  const { buffer, used } = inflate(bytes.subarray(from), options)
  const end = from + used + 8
  if (end > bytes.length) throw notValid('gzip', 'it is cut off', options)
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end - 8, 8)
  if (trailer.getUint32(0, true) !== crc32(buffer))
    throw notValid('gzip', 'its checksum does not match', options)
  if (trailer.getUint32(4, true) !== buffer.length)
    throw notValid('gzip', 'its content is not of the size that it states', options)
  return { content: buffer, start, end }
}

function inflate(
  bytes: Uint8Array,
  options: MemberOptions,
): { readonly buffer: Buffer; readonly used: number } {
  try {
    // With `info` the engine comes along, which knows how many bytes it took; Node's types lack that form.
    const result = inflateRawSync(bytes, { info: true, maxOutputLength: options.limit }) as unknown as {
      readonly buffer: Buffer
      readonly engine: { readonly bytesWritten: number }
    }
    return { buffer: result.buffer, used: result.engine.bytesWritten }
  } catch (cause) {
    if (cause instanceof TemperError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(options)
    throw notValid('gzip', message === 'unexpected end of file' ? 'it is cut off' : message, {
      ...options,
      cause,
    })
  }
}

/** Bytes before the deflated data (RFC 1952, 2.3.1): ten, and what the flags say. */
function headerLength(bytes: Uint8Array, start: number, options: MemberOptions): number {
  const at = (index: number) => bytes[start + index] ?? -1
  if (at(0) !== 0x1f || at(1) !== 0x8b || at(2) !== 8)
    throw notValid('gzip', `no member starts at its byte ${start}`, options)
  const flags = at(3)
  if (flags < 0 || (flags & 0xe0) !== 0) throw notValid('gzip', 'its header has unknown flags', options)
  let length = 10
  if ((flags & 0x04) !== 0) length += 2 + Math.max(0, at(length)) + 256 * Math.max(0, at(length + 1))
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue
    const zero = bytes.indexOf(0, start + length)
    if (zero < 0) throw notValid('gzip', 'its header is cut off', options)
    length = zero + 1 - start
  }
  if ((flags & 0x02) !== 0) length += 2
  if (start + length > bytes.length) throw notValid('gzip', 'its header is cut off', options)
  return length
}
