import { TemperError } from '../../base/error.ts'
import { parseStanzas, type Stanza } from '../../formats/deb822.ts'
import { parseCopyright } from '../../formats/debian-licence/copyright.ts'
import type { FileContent } from '../cataloguer.ts'

/** A package as the status database has it. */
export interface DpkgPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly source?: { readonly name: string; readonly version: string }
  readonly maintainer?: string
  /** Who made it, where fields that no distribution writes say so. */
  readonly vendor?: string
  /** Pre-Depends and Depends as written. */
  readonly depends?: string
  readonly provides?: string
}

export type DpkgFact =
  | { readonly kind: 'packages'; readonly packages: readonly DpkgPackage[]; readonly damaged?: string }
  /** Text of a .list file: a path in each line. */
  | { readonly kind: 'list'; readonly text: string }
  /** Paths of a .md5sums file, a line each. */
  | { readonly kind: 'sums'; readonly text: string }
  | { readonly kind: 'licence'; readonly expression: string }

const databaseFolder = 'var/lib/dpkg/'
const listPattern = /^var\/lib\/dpkg\/info\/[^/]+\.(?:list|md5sums)$/
const copyrightPattern = /^usr\/share\/doc\/[^/]+\/copyright$/
const statusPattern = /^var\/lib\/dpkg\/status(?:\.d\/[^/]+)?$/

/** What kind of fact the file at a path gives; undefined for files that are not dpkg's. */
export function dpkgFileKind(path: string): DpkgFact['kind'] | undefined {
  if (path.startsWith(databaseFolder)) {
    if (listPattern.test(path)) return path.endsWith('.list') ? 'list' : 'sums'
    if (!statusPattern.test(path)) return undefined
    if (path.endsWith('.md5sums')) return 'sums'
    // Distroless puts a .preinst and the like beside the stanzas of some packages.
    return /\.(?:preinst|postinst|prerm|postrm|conffiles|list|triggers|templates)$/.test(path)
      ? undefined
      : 'packages'
  }
  return path.endsWith('/copyright') && copyrightPattern.test(path) ? 'licence' : undefined
}

export function readDpkgFact({ path, bytes }: FileContent): DpkgFact | undefined {
  const text = () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  switch (dpkgFileKind(path)) {
    case 'packages':
      return readPackages(text(), path)
    case 'list':
      return { kind: 'list', text: text() }
    case 'sums':
      return { kind: 'sums', text: text().replace(/^[0-9a-f]{32} [ *]/gm, '') }
    case 'licence': {
      const { expression } = parseCopyright(bytes)
      // Prose is no statement that anyone could compare.
      return expression.startsWith('LicenseRef-debian-copyright-')
        ? undefined
        : { kind: 'licence', expression }
    }
    default:
      return undefined
  }
}

const fields: ReadonlySet<string> = new Set([
  'package',
  'status',
  'version',
  'architecture',
  'source',
  'maintainer',
  'depends',
  'pre-depends',
  'provides',
  'vendor',
  'license',
  'origin',
])

/**
 * The installed packages of a status file. Of a damaged one those stanzas that can be read: dpkg itself would stop,
 * but what is installed is installed.
 */
function readPackages(text: string, path: string): DpkgFact {
  const options = { what: path, code: 'bad-archive', only: fields, stanzasLimit: 200_000 } as const
  try {
    const stanzas = parseStanzas(text, options)
    const nameless = stanzas.filter(isNameless).length
    const packages = stanzas.flatMap(packageOf)
    if (nameless === 0) return { kind: 'packages', packages }
    return { kind: 'packages', packages, damaged: `${path}: ${nameless} without a name or a version` }
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'bad-archive') throw error
    const packages = text.split(/\n[ \t\r]*\n/).flatMap((part) => readableStanza(part, options))
    return { kind: 'packages', packages, damaged: error.message }
  }
}

function readableStanza(text: string, options: Parameters<typeof parseStanzas>[1]): DpkgPackage[] {
  try {
    return parseStanzas(text, options).flatMap(packageOf)
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-archive') return []
    throw error
  }
}

/** States in which the files of a package are in place (dpkg(1), "Package states"). */
const present = new Set(['installed', 'unpacked', 'half-configured', 'triggers-awaited', 'triggers-pending'])

/** Whether a stanza says that something is there, and not what: those of packages that are gone have no version. */
function isNameless(stanza: Stanza): boolean {
  if (stanza.get('Package') && stanza.get('Version')) return false
  return present.has(stanza.get('Status')?.split(/\s+/)[2] ?? '')
}

function packageOf(stanza: Stanza): DpkgPackage[] {
  const name = stanza.get('Package')
  const version = stanza.get('Version')
  if (name === undefined || version === undefined || name === '' || version === '') return []
  const status = stanza.get('Status')
  if (status !== undefined && !present.has(status.split(/\s+/)[2] ?? '')) return []
  const maintainer = stanza.get('Maintainer')
  const depends = [stanza.get('Pre-Depends'), stanza.get('Depends')].filter((each) => each).join(', ')
  const provides = stanza.get('Provides')
  const vendor = vendorField(stanza)
  const source = sourceOf(stanza.get('Source'), name, version)
  return [
    {
      name,
      version,
      architecture: stanza.get('Architecture') ?? '',
      ...(source === undefined ? {} : { source }),
      ...(maintainer === undefined ? {} : { maintainer }),
      ...(vendor === undefined ? {} : { vendor }),
      ...(depends === '' ? {} : { depends }),
      ...(provides === undefined ? {} : { provides }),
    },
  ]
}

/**
 * Fields of packages that were made without Debian's tools (fpm, nfpm, electron-builder): Vendor, License, an Origin that
 * is another archive, a maintainer without an address (Debian Policy 5.6.2 demands one).
 */
function vendorField(stanza: Stanza): string | undefined {
  const text = (field: string) => stanza.get(field)?.split('\n')[0]?.trim() || undefined
  const maintainer = text('Maintainer')
  const origin = text('Origin')
  if (text('Vendor') !== undefined) return text('Vendor')
  if (origin !== undefined && !/^(?:debian|ubuntu|raspbian)$/i.test(origin)) return origin
  const foreign = text('License') !== undefined || (maintainer !== undefined && !maintainer.includes('@'))
  return foreign ? (maintainer?.replace(/\s*<.*$/, '') ?? 'another vendor') : undefined
}

/** `NAME` or `NAME (VERSION)`; absent when it is the same as the binary package (Debian Policy 5.6.1). */
function sourceOf(field: string | undefined, name: string, version: string): DpkgPackage['source'] {
  const match = /^(\S+)(?:\s+\((\S+)\))?/.exec(field ?? '')
  if (match?.[1] === undefined) return undefined
  const source = { name: match[1], version: match[2] ?? version }
  return source.name === name && source.version === version ? undefined : source
}
