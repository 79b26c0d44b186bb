import { RegistryError } from './error.ts'
import type { ByteRange } from './storage/content.ts'

/**
 * The bytes that a Range header asks for (RFC 9110, 14.2). Undefined when all bytes are to be sent: without a header,
 * and for several ranges or another unit, which a server may ignore. Throws 416 for a range outside the content.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (match === null) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  // The end before the start is no range at all, and passed over; one that begins behind the content cannot be had.
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  if (start >= size || (first === '' && Number(last) === 0))
    throw new RegistryError('SIZE_INVALID', `expected a range within ${size} bytes, found "${header}"`, {
      status: 416,
      headers: { 'Content-Range': `bytes */${size}` },
    })
  return { start, end }
}

/** The place of a chunk's bytes; `end` is the last of them (distribution-spec 1.1, "Pushing a blob in chunks"). */
export function parseContentRange(header: string): ByteRange {
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d{1,15}|\*))?$/.exec(header)
  const [start, end] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || end < start)
    throw new RegistryError(
      'BLOB_UPLOAD_INVALID',
      `Content-Range: expected "<first>-<last>", found "${header.slice(0, 60)}"`,
    )
  return { start, end }
}
