import { badIndex, shown } from './fault.ts'

/** What an index and the database of installed packages say about a package; lists are words separated by blanks. */
export interface ApkRecord {
  readonly name: string
  readonly version: string
  /** "x86_64", "noarch". */
  readonly architecture: string
  /** SHA-1 of the control member, which an index names packages by. */
  readonly checksum: ApkChecksum
  /** Bytes of the archive. */
  readonly size: number
  /** Bytes of its files. */
  readonly installedSize: number
  readonly origin?: string
  readonly maintainer?: string
  readonly licence?: string
  readonly url?: string
  readonly description?: string
  readonly commit?: string
  /** Seconds since 1970. */
  readonly buildTime?: number
  readonly depends: string
  readonly provides: string
  readonly installIf: string
  readonly replaces: string
  /**
   * Of several packages that provide a name, the one with the highest priority is chosen; absent: not to be chosen
   * for a name without a version.
   */
  readonly providerPriority?: number
  readonly replacesPriority?: number
}

/** "Q1" and the SHA-1 in base64. */
export type ApkChecksum = `Q1${string}`

const checksumForm = /^Q1[A-Za-z0-9+/]{27}=$/
const nameForm = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,255}$/
const versionForm = /^[A-Za-z0-9][A-Za-z0-9._~+-]{0,255}$/
const architectureForm = /^[a-z0-9_]{1,64}$/
const number = /^\d{1,13}$/

export function isApkChecksum(text: string): text is ApkChecksum {
  return checksumForm.test(text)
}

export function apkChecksum(sha1: Uint8Array): ApkChecksum {
  return `Q1${Buffer.from(sha1).toString('base64')}`
}

/** Whether a name and a version can be part of a file name: "NAME-VERSION.apk". */
export function isApkIdentity({
  name,
  version,
  architecture,
}: Pick<ApkRecord, 'name' | 'version' | 'architecture'>): boolean {
  return nameForm.test(name) && versionForm.test(version) && architectureForm.test(architecture)
}

/** Makes a record from the fields of an index paragraph, by letter. Errors: `bad-index`. */
export function apkRecord(fields: ReadonlyMap<string, string>, where: string): ApkRecord {
  const text = (letter: string) => fields.get(letter) ?? ''
  const fail = (found: string) => badIndex(where, found)
  const count = (letter: string, title: string) => {
    if (!number.test(text(letter))) throw fail(`${shown(name, 60)} has no proper ${title}`)
    return Number(text(letter))
  }
  const [name, version, architecture, checksum] = [text('P'), text('V'), text('A'), text('C')]
  if (!isApkIdentity({ name, version, architecture })) {
    const words = [name, version, architecture].map((word) => shown(word, 60))
    throw fail(`${words.join(' ')} is not a package with version and architecture`)
  }
  if (!isApkChecksum(checksum)) throw fail(`${name} has no checksum "Q1…"`)
  const size = count('S', 'size')
  if (size === 0) throw fail(`${name} has no proper size`)
  return {
    name,
    version,
    architecture,
    checksum,
    size,
    installedSize: count('I', 'installed size'),
    ...optional({
      origin: text('o'),
      maintainer: text('m'),
      licence: text('L'),
      url: text('U'),
      description: text('T'),
      commit: text('c'),
    }),
    ...(number.test(text('t')) ? { buildTime: Number(text('t')) } : {}),
    depends: text('D'),
    provides: text('p'),
    installIf: text('i'),
    replaces: text('r'),
    ...(number.test(text('k')) ? { providerPriority: Number(text('k')) } : {}),
    ...(number.test(text('q')) ? { replacesPriority: Number(text('q')) } : {}),
  }
}

function optional<Key extends string>(
  values: Readonly<Record<Key, string>>,
): { readonly [K in Key]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as {
    readonly [K in Key]?: string
  }
}

/** The fields of a record by letter, in the order in which apk writes them. */
export function apkFields(record: ApkRecord): readonly (readonly [letter: string, value: string])[] {
  const fields: readonly (readonly [string, string | number | undefined])[] = [
    ['C', record.checksum],
    ['P', record.name],
    ['V', record.version],
    ['A', record.architecture],
    ['S', record.size],
    ['I', record.installedSize],
    ['T', record.description],
    ['U', record.url],
    ['L', record.licence],
    ['o', record.origin],
    ['m', record.maintainer],
    ['t', record.buildTime],
    ['c', record.commit],
    ['k', record.providerPriority],
    ['D', record.depends],
    ['p', record.provides],
    ['i', record.installIf],
    ['r', record.replaces],
    ['q', record.replacesPriority],
  ]
  return fields.flatMap(([letter, value]) =>
    value === undefined || value === '' ? [] : [[letter, oneLine(String(value))] as const],
  )
}

/** A value cannot begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\n\r\0]+/g, ' ')
}
