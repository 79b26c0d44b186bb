import { bytesOf, collect, tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readTar } from '../tar/read.ts'
import { badIndex, shown, tooMuch } from './fault.ts'
import { readGzipMember } from './members.ts'
import { type ApkRecord, apkRecord } from './record.ts'
import { type ApkKey, readSignatures, verifySignatures } from './signature.ts'

export interface ApkIndex {
  /** What the repository calls its state: "v3.23.0-41-g0a1b2c3". */
  readonly description: string
  readonly records: readonly ApkRecord[]
  /**
   * When the index was made, as the signed archive says; else when its newest package was built. Seconds since 1970.
   */
  readonly time: number
  readonly signers: readonly ApkKey[]
}

const limits = {
  /** Bytes once unpacked; Alpine's largest has about 10 MB. */
  unpacked: 256 * 2 ** 20,
  packages: 200_000,
  line: 2 ** 20,
} as const

/**
 * Reads APKINDEX.tar.gz (apk-index(5)): a gzip member with signatures, and one with the index that they sign. The
 * index is not looked at before a trusted key has vouched for it. Errors: `signature-invalid`, `bad-index`,
 * `bad-archive`, `limit-exceeded`.
 */
export async function readApkIndex(
  bytes: Uint8Array,
  options: { readonly keys: readonly ApkKey[]; readonly what: string },
): Promise<ApkIndex> {
  const { what } = options
  refuseBinary(bytes, what)
  const first = readGzipMember(bytes, 0, { what, limit: limits.unpacked })
  const signatures = (await readSignatures(first.content, `${what}, signatures`)) ?? []
  const signed = bytes.subarray(signatures.length === 0 ? 0 : first.end)
  const signers = verifySignatures(signed, signatures, options)
  const second = readGzipMember(bytes, first.end, { what, limit: limits.unpacked })
  if (second.end !== bytes.length) throw badIndex(what, 'bytes follow after the index')
  const { text, description, mtime } = await readFiles(second.content, what)
  const records = parseRecords(text, what)
  const newest = records.reduce((time, { buildTime = 0 }) => Math.max(time, buildTime), 0)
  return { description, records, time: mtime > 0 ? mtime : newest, signers }
}

/** apk-tools 3 writes another format when it is told to (adb(5)); no distribution publishes it. */
function refuseBinary(bytes: Uint8Array, what: string): void {
  const start = Buffer.from(bytes.subarray(0, 3)).toString('latin1')
  if (start !== 'ADB') return
  throw new TemperError('bad-index', `${what} is of the format of apk 3, which Temper does not read`, {
    hint: 'Make the index with "apk index", which writes the format that all versions read.',
  })
}

async function readFiles(
  content: Uint8Array,
  what: string,
): Promise<{ readonly text: string; readonly description: string; readonly mtime: number }> {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly mtime: number }>()
  for await (const { entry, content: body } of readTar(bytesOf(content), { what, endMarker: 'optional' })) {
    if (entry.path !== 'APKINDEX' && entry.path !== 'DESCRIPTION') continue
    if (entry.type !== 'file' || files.has(entry.path))
      throw badIndex(what, `${entry.path} is there twice, or is not a file`)
    const bytes = await collect(body, { limit: limits.unpacked, what })
    files.set(entry.path, { bytes, mtime: entry.mtime })
  }
  const index = files.get('APKINDEX')
  if (index === undefined) throw badIndex(what, 'it has no file named APKINDEX')
  const text = tryUtf8(index.bytes)
  if (text === undefined) throw badIndex(what, 'it is not UTF-8 text')
  const description = tryUtf8(files.get('DESCRIPTION')?.bytes ?? new Uint8Array()) ?? ''
  return { text, description: description.trim().slice(0, 200), mtime: index.mtime }
}

/**
 * Reads paragraphs whose lines are one letter, a colon and a value. Unknown letters are skipped, as apk does for
 * lower-case ones.
 */
export function parseRecords(text: string, what: string): readonly ApkRecord[] {
  const records: ApkRecord[] = []
  const seen = new Set<string>()
  let fields = new Map<string, string>()
  let line = 0
  const close = () => {
    if (fields.size === 0) return
    const record = apkRecord(fields, `${what}, line ${line}`)
    fields = new Map()
    const identity = `${record.name} ${record.version} ${record.architecture}`
    if (seen.has(identity)) throw badIndex(`${what}, line ${line}`, `it lists ${identity} twice`)
    seen.add(identity)
    records.push(record)
    if (records.length > limits.packages) throw tooMuch(what, `more than ${limits.packages} packages`)
  }
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start)
    const end = feed < 0 ? text.length : feed
    line++
    if (end - start > limits.line)
      throw tooMuch(`${what}, line ${line}`, `more than ${limits.line} characters`)
    if (end === start) close()
    else addField(fields, text.slice(start, end), `${what}, line ${line}`)
    start = end + 1
  }
  close()
  return records
}

function addField(fields: Map<string, string>, line: string, where: string): void {
  const letter = line[0] ?? ''
  if (line[1] !== ':' || !/^[A-Za-z]$/.test(letter))
    throw badIndex(where, `expected a letter and a colon, found ${shown(line, 40)}`)
  if (fields.has(letter)) throw badIndex(where, `the field ${letter} is there twice`)
  fields.set(letter, line.slice(2))
}
