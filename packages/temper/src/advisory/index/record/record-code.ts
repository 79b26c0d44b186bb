import type { Advisory, SeverityStatement } from '../../../model/advisory/advisory.ts'
import { packSeverity, unpackSeverity } from './entry-code.ts'

/** What a record says apart from packages, and apart from the id and feed in its key. */
export type RecordContent = Omit<Advisory, 'id' | 'feed' | 'affected'>

interface PackedRecord {
  readonly a?: readonly string[]
  readonly c?: readonly string[]
  readonly t?: string
  readonly p?: string
  readonly m?: string
  readonly w?: string
  readonly s?: readonly (readonly [SeverityStatement['kind'], string])[]
  readonly r?: readonly string[]
}

const nothing: readonly never[] = []

/** The value of a record row. */
export function encodeRecord(content: RecordContent): Buffer {
  const { aliases, covers, summary, published, modified, withdrawn, severity, references } = content
  const packed: PackedRecord = {
    ...(aliases.length === 0 ? {} : { a: aliases }),
    ...(covers === undefined ? {} : { c: covers }),
    ...(summary === undefined ? {} : { t: summary }),
    ...(published === undefined ? {} : { p: published }),
    ...(modified === undefined ? {} : { m: modified }),
    ...(withdrawn === undefined ? {} : { w: withdrawn }),
    ...(severity.length === 0 ? {} : { s: packSeverity(severity) }),
    ...(references === undefined || references.length === 0 ? {} : { r: references }),
  }
  return Buffer.from(JSON.stringify(packed), 'utf8')
}

/** The inverse of {@link encodeRecord}. Throws an Error when the value is not one of its. */
export function decodeRecord(value: Buffer): RecordContent {
  const { a, c, t, p, m, w, s, r } = JSON.parse(value.toString('utf8')) as PackedRecord
  return {
    aliases: a ?? nothing,
    ...(c === undefined ? {} : { covers: c }),
    ...(t === undefined ? {} : { summary: t }),
    ...(p === undefined ? {} : { published: p }),
    ...(m === undefined ? {} : { modified: m }),
    ...(w === undefined ? {} : { withdrawn: w }),
    severity: s === undefined ? nothing : unpackSeverity(s),
    ...(r === undefined ? {} : { references: r }),
  }
}
