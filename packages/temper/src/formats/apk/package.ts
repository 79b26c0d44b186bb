import { createHash } from 'node:crypto'
import { bytesOf, collect, tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readTar } from '../tar/read.ts'
import { badPackage, tooMuch } from './fault.ts'
import { readGzipMember } from './members.ts'
import { type ApkChecksum, apkChecksum } from './record.ts'
import { type ApkSignature, readSignatures } from './signature.ts'

/** What precedes the files of a version 2 package (apk-package(5)), and where these start. */
export interface ApkHead {
  readonly signatures: readonly ApkSignature[]
  /** The control member as it is in the file, which is what is signed. */
  readonly control: { readonly start: number; readonly end: number }
  /** SHA-1 of the control member, by which an index names the package. */
  readonly checksum: ApkChecksum
  /** Lines of .PKGINFO: each key with its values, in order. */
  readonly info: ReadonlyMap<string, readonly string[]>
  /** Scripts by their kind: "post-install", "trigger". */
  readonly scripts: Readonly<Record<string, string>>
}

/**
 * Limit on the packed bytes before the files, and on the unpacked bytes of the control member; Alpine's largest have
 * about 100 kB.
 */
export const apkHeadLimit = 16 * 2 ** 20
const unpackedLimit = 64 * 2 ** 20
const infoLines = 200_000

const scriptKinds = /^\.((?:pre|post)-(?:install|upgrade|deinstall)|trigger)$/

/**
 * Reads the first two gzip members, which must lie in `bytes`: the start of the file. Errors: `bad-archive` for damage,
 * a missing part and the format of apk 3; `limit-exceeded`.
 */
export async function readApkHead(bytes: Uint8Array, what: string): Promise<ApkHead> {
  if (Buffer.from(bytes.subarray(0, 3)).toString('latin1') === 'ADB')
    throw new TemperError('bad-archive', `${what} is of the format of apk 3, which Temper does not read`, {
      hint: 'Ask whoever makes the package for one of version 2, which all versions of apk install.',
    })
  const options = { what, limit: unpackedLimit }
  const first = readGzipMember(bytes, 0, options)
  const signatures = await readSignatures(first.content, `${what}, signatures`)
  const control = signatures === undefined ? first : readGzipMember(bytes, first.end, options)
  const member = bytes.subarray(control.start, control.end)
  return {
    signatures: signatures ?? [],
    control: { start: control.start, end: control.end },
    checksum: apkChecksum(createHash('sha1').update(member).digest()),
    ...(await readControl(control.content, what)),
  }
}

async function readControl(content: Uint8Array, what: string): Promise<Pick<ApkHead, 'info' | 'scripts'>> {
  const scripts: Record<string, string> = {}
  let info: ReadonlyMap<string, readonly string[]> | undefined
  const seen = new Set<string>()
  for await (const { entry, content: body } of readTar(bytesOf(content), {
    what: `${what}, control`,
    endMarker: 'optional',
  })) {
    const kind = scriptKinds.exec(entry.path)?.[1]
    if (entry.path !== '.PKGINFO' && kind === undefined) continue
    if (entry.type !== 'file' || seen.has(entry.path))
      throw badPackage(what, `${entry.path} is there twice, or is not a file`)
    seen.add(entry.path)
    const bytes = await collect(body, { limit: unpackedLimit, what })
    const text = tryUtf8(bytes) ?? Buffer.from(bytes).toString('latin1')
    if (kind === undefined) info = parseInfo(text, what)
    else scripts[kind] = text
  }
  if (info === undefined) throw badPackage(what, 'it has no .PKGINFO')
  return { info, scripts }
}

/** `key = value` lines, `#` for remarks. */
function parseInfo(text: string, what: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n', infoLines + 1)
  if (lines.length > infoLines) throw tooMuch(what, `.PKGINFO has more than ${infoLines} lines`)
  const info = new Map<string, string[]>()
  for (const line of lines) {
    const equals = line.indexOf(' = ')
    if (line.startsWith('#') || equals <= 0) continue
    const key = line.slice(0, equals)
    const values = info.get(key)
    if (values) values.push(line.slice(equals + 3).trim())
    else info.set(key, [line.slice(equals + 3).trim()])
  }
  return info
}
