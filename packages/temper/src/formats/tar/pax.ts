import { tryUtf8 } from '../../base/bytes.ts'
import { damaged, quoted, type TarPlace } from './fault.ts'

/** One record of a PAX extended header: values are bytes, since extended attributes are binary. */
export interface PaxRecord {
  readonly key: string
  readonly value: Buffer
}

/**
 * Splits the body of a PAX extended header (POSIX.1-2001 pax, "pax Extended Header") into its records, in order. Each
 * is "LENGTH KEY=VALUE\n" where LENGTH counts the whole record, so that values may hold any byte.
 */
export function parsePax(body: Buffer, place: TarPlace): PaxRecord[] {
  const records: PaxRecord[] = []
  let at = 0
  while (at < body.length) {
    const space = body.indexOf(0x20, at)
    const digits = space === -1 || space - at > 8 ? '' : body.toString('latin1', at, space)
    const end = at + Number(digits)
    if (!/^[1-9][0-9]*$/.test(digits) || end > body.length || end < space + 3 || body[end - 1] !== 0x0a) {
      throw damaged(place, `a PAX header has a record with a wrong length at its byte ${at}`)
    }
    const equals = body.indexOf(0x3d, space + 1)
    const key = equals === -1 || equals >= end ? undefined : tryUtf8(body.subarray(space + 1, equals))
    if (!key) throw damaged(place, `a PAX header has a record without a key at its byte ${at}`)
    records.push({ key, value: body.subarray(equals + 1, end - 1) })
    at = end
  }
  return records
}

/** A non-negative whole number. */
export function paxCount(record: PaxRecord, place: TarPlace): number {
  const text = record.value.toString('latin1')
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw damaged(place, `the PAX record ${record.key}=${quoted(text)} is not a whole number`)
}

/** A time in seconds, rounded down. */
export function paxSeconds(record: PaxRecord, place: TarPlace): number {
  const text = record.value.toString('latin1')
  const seconds = /^-?[0-9]{1,16}(?:\.[0-9]{0,32})?$/.test(text) ? Math.floor(Number(text)) : Number.NaN
  if (Number.isSafeInteger(seconds)) return seconds === 0 ? 0 : seconds
  throw damaged(place, `the PAX record ${record.key}=${quoted(text)} is not a time in seconds`)
}

/** Encodes records in the given order. */
export function formatPax(records: readonly PaxRecord[]): Buffer {
  const parts: Buffer[] = []
  for (const { key, value } of records) {
    const rest = Buffer.byteLength(key) + value.length + 3
    let length = rest + String(rest).length
    if (String(length).length > String(rest).length) length = rest + String(length).length
    parts.push(Buffer.from(`${length} ${key}=`), value, Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}
