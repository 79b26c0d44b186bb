import { isDigest, isSha512, sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import type { Stanza } from '../../../formats/deb822.ts'
import type { IndexedPackage, PackageOrigin } from '../../../model/package/package.ts'
import { isSafePath } from '../../shared/fetching/mirror.ts'
import { parseDependencies, parseProvides, parseRequirements } from '../packages/relation.ts'

/** The fields of a Packages stanza that a record keeps, in its order; the name is kept apart. */
const kept = [
  'version',
  'architecture',
  'source',
  'sha256',
  'size',
  'installed-size',
  'filename',
  'depends',
  'pre-depends',
  'provides',
  'conflicts',
  'breaks',
  'replaces',
  'multi-arch',
  'priority',
] as const

/** The fields of a stanza that a record is made from. */
export const recordFields: ReadonlySet<string> = new Set(['package', 'sha512', ...kept])

const packageName = /^[A-Za-z0-9][A-Za-z0-9+._-]{0,255}$/
const versionForm = /^[A-Za-z0-9.+~:-]{1,1024}$/

/** How some write that a path begins at the top of the archive. */
const rootMark = /^(?:\.?\/)+/

/** A stanza as one text with a line for each field, checked as far as later steps rely on it. */
export function encodeRecord(
  stanza: Stanza,
  what: string,
): { readonly name: string; readonly record: string } {
  const name = stanza.get('package') ?? ''
  const fail = (found: string) => new TemperError('bad-index', `${what}, line ${stanza.line}: ${found}`)
  if (!packageName.test(name)) throw fail(`${JSON.stringify(name.slice(0, 60))} is not a package name`)
  const values = kept.map((field) => stanza.get(field) ?? '')
  // Where there is no SHA-256, the SHA-512 takes its place: it is twice as long.
  values[checksumAt] ||= stanza.get('sha512') ?? ''
  const [version, architecture, source, hex, size, , filename] = values
  if (!versionForm.test(version ?? '')) throw fail(`${name} has no proper Version`)
  if (!/^[a-z0-9-]{1,64}$/.test(architecture ?? '')) throw fail(`${name} has no proper Architecture`)
  if (!/^(?:[0-9a-f]{64}|[0-9a-f]{128})$/.test(hex ?? '')) throw fail(`${name} has no SHA256`)
  if (!/^[1-9]\d{0,11}$/.test(size ?? '')) throw fail(`${name} has no proper Size`)
  const path = (filename ?? '').replace(rootMark, '')
  if (!isSafePath(path) || path.endsWith(':')) throw fail(`${name} has no proper Filename`)
  const record = values.map(oneLine)
  const owner = sourceOf(source ?? '', name, version ?? '')
  if (!packageName.test(owner.name) || !versionForm.test(owner.version))
    throw fail(`${name} has no proper Source`)
  record[filenameAt] = shortenPath(path, expectedPath(name, values))
  return { name, record: record.join('\n') }
}

const filenameAt = kept.indexOf('filename')
const checksumAt = kept.indexOf('sha256')

/** Where a pool keeps a package: `n/nginx/nginx_1.26.3-3_amd64.deb`, after the component. */
function expectedPath(name: string, values: readonly string[]): string {
  const [version = '', architecture = '', source = ''] = values
  const owner = sourceOf(source, name, version).name
  const prefix = owner.startsWith('lib') ? owner.slice(0, 4) : owner.slice(0, 1)
  return `/${prefix}/${owner}/${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`
}

/** Most paths follow from the other fields: only what stands before is kept, with a colon as mark. */
function shortenPath(path: string, expected: string): string {
  return path.endsWith(expected) ? `${path.slice(0, -expected.length)}:` : path
}

function fullPath(path: string, expected: () => string): string {
  return path.endsWith(':') ? path.slice(0, -1) + expected() : path
}

/** Folded fields become one line. */
function oneLine(value: string): string {
  return value.includes('\n') ? value.replace(/\s*\n\s*/g, ' ') : value
}

/** Reads an encoded record. `origin` says where the index is. Errors: `bad-index` for damaged fields. */
export function decodeRecord(
  name: string,
  record: string,
  origin: Omit<PackageOrigin, 'location'>,
): IndexedPackage {
  const values = record.split('\n')
  const field = (index: number): string => values[index] ?? ''
  const where = (title: string) => `${title} of ${name} in ${origin.suite}`
  const version = field(0)
  const checksum = `${field(checksumAt).length > 64 ? 'sha512' : 'sha256'}:${field(checksumAt)}`
  if (values.length !== kept.length || !(isDigest(checksum) || isSha512(checksum))) {
    throw new TemperError('bad-index', `The cached index of ${origin.suite} is damaged at ${name}`, {
      next: { action: 'prune-cache' },
    })
  }
  return {
    name,
    version,
    architecture: field(1),
    source: sourceOf(field(2), name, version),
    // A digest of the checksum tells archives apart until the archive's own is known.
    ...(isSha512(checksum) ? { digest: sha256(checksum), listedBy: checksum } : { digest: checksum }),
    size: Number(field(4)),
    installedSize: /^\d{1,12}$/.test(field(5)) ? Number(field(5)) * 1024 : 0,
    origin: { ...origin, location: fullPath(field(filenameAt), () => expectedPath(name, values)) },
    depends: parseDependencies(field(7), where('Depends')),
    preDepends: parseDependencies(field(8), where('Pre-Depends')),
    provides: parseProvides(field(9), where('Provides')),
    conflicts: parseRequirements(field(10), where('Conflicts')),
    breaks: parseRequirements(field(11), where('Breaks')),
    replaces: parseRequirements(field(12), where('Replaces')),
    multiArch: multiArchOf(field(13)),
    providerRank: priorityRank(field(14)),
  }
}

/** `Source: name (version)`; without it, or without the version, the package's own (Policy 5.6.1). */
export function sourceOf(text: string, name: string, version: string): { name: string; version: string } {
  const match = /^(\S+)(?:\s+\(([^()\s]+)\))?$/.exec(text)
  return { name: match?.[1] ?? name, version: match?.[2] ?? version }
}

export function multiArchOf(text: string): IndexedPackage['multiArch'] {
  return text === 'same' || text === 'foreign' || text === 'allowed' ? text : 'no'
}

const priorities = ['required', 'important', 'standard', 'optional']

/** What is of a higher priority is preferred among packages that provide a name (Debian Policy 2.5). */
function priorityRank(priority: string): number {
  const rank = priorities.indexOf(priority)
  return rank < 0 ? priorities.length : rank
}
