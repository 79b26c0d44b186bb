import { type Checksum, isDigest, isSha512 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { parseStanza, type Stanza } from '../../../formats/deb822.ts'
import { isSafePath } from '../../shared/fetching/mirror.ts'
import { parseReleaseDate } from './release-date.ts'

/** A Release file: what a suite is and the digests of its indices (Debian's RepositoryFormat). */
export interface ReleaseFile {
  readonly suite?: string
  readonly codename?: string
  /** "13.7". */
  readonly version?: string
  readonly date: Date
  readonly validUntil?: Date
  readonly acquireByHash: boolean
  readonly architectures: readonly string[]
  readonly components: readonly string[]
  /** Whether the files of each architecture also list packages for all architectures. */
  readonly allInEach: boolean
  /** By path below the suite's folder. */
  readonly files: ReadonlyMap<string, ReleaseEntry>
}

export interface ReleaseEntry {
  readonly digest: Checksum
  /** Bytes. */
  readonly size: number
}

const entriesLimit = 500_000

/** Makes an error out of what was found, and of what to do about it. */
type Fail = (found: string, hint?: string) => TemperError
const damagedHint =
  'The mirror is damaged, or whoever makes the repository has to mend this: use another mirror, or tell them.'

/** Reads a verified Release text. `what` names it for errors: `bad-index`, `limit-exceeded`. */
export function parseReleaseFile(text: string, what: string): ReleaseFile {
  const stanza = parseStanza(text, { what, fieldLimit: 16 * 1024 * 1024 })
  const fail: Fail = (found, hint = damagedHint) =>
    new TemperError('bad-index', `${what}: ${found}`, { hint })
  const architectures = words(stanza.get('Architectures'))
  const date = dateField(stanza, 'Date', fail)
  if (!date) throw fail('there is no Date')
  const validUntil = dateField(stanza, 'Valid-Until', fail)
  return {
    ...optional('suite', stanza.get('Suite')),
    ...optional('codename', stanza.get('Codename')),
    ...optional('version', stanza.get('Version')),
    date,
    ...(validUntil ? { validUntil } : {}),
    acquireByHash: stanza.get('Acquire-By-Hash') === 'yes',
    architectures,
    components: words(stanza.get('Components')),
    allInEach:
      !architectures.includes('all') ||
      words(stanza.get('No-Support-for-Architecture-all')).includes('Packages'),
    files: readEntries(stanza, fail),
  }
}

function optional<K extends string>(name: K, value: string | undefined): { [key in K]?: string } {
  return value ? ({ [name]: value } as { [key in K]: string }) : {}
}

function dateField(stanza: Stanza, name: string, fail: Fail): Date | undefined {
  const text = stanza.get(name)
  if (text === undefined) return undefined
  const date = parseReleaseDate(text)
  if (!date)
    throw fail(`${name} is "${text.slice(0, 60)}", expected a date like "Sat, 12 Sep 2026 07:55:41 UTC"`)
  return date
}

function readEntries(stanza: Stanza, fail: Fail): ReadonlyMap<string, ReleaseEntry> {
  // SHA256 is what nearly all have; of both it is as good as the other.
  const algorithm = stanza.get('SHA256') === undefined ? 'SHA512' : 'SHA256'
  const text = stanza.get(algorithm)
  if (text === undefined) {
    const others = ['SHA1', 'MD5Sum'].filter((name) => stanza.get(name) !== undefined)
    const only = others.length === 0 ? '' : `it names its files by ${others.join(', ')} only, and `
    throw fail(
      `${only}there are no SHA256 or SHA512 digests in it`,
      'Whoever makes the repository has to write SHA256 digests into its Release file, as Debian does.',
    )
  }
  const entries = new Map<string, ReleaseEntry>()
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const [hex, size, written, ...more] = words(line)
    const path = written?.replace(/^(?:\.\/)+/, '')
    const digest = `${algorithm.toLowerCase()}:${hex}`
    if (
      !(isDigest(digest) || isSha512(digest)) ||
      !/^\d{1,12}$/.test(size ?? '') ||
      path === undefined ||
      more.length > 0
    ) {
      throw fail(`expected "digest size path" in ${algorithm}, found ${JSON.stringify(line.slice(0, 100))}`)
    }
    if (!isSafePath(path))
      throw fail(`the path ${JSON.stringify(path.slice(0, 100))} leads out of the archive`)
    if (entries.size >= entriesLimit) throw fail(`more than ${entriesLimit} files`)
    entries.set(path, { digest, size: Number(size) })
  }
  return entries
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(Boolean)
}
