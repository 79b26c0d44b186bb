import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'

/** One package that a file names. Plain JSON. */
export interface PackageFact {
  /** As its ecosystem writes it. */
  readonly name: string
  readonly version: string
  /** Inside the file, where that is an archive: "WEB-INF/lib/b.jar!/lib/c.jar". */
  readonly at?: string
  readonly licence?: string
  readonly supplier?: string
  /** Files that it brought, relative to the root. */
  readonly files?: readonly string[]
  /** Names of packages that it needs. */
  readonly needs?: readonly string[]
  /** What a part of the name was guessed from, where nothing states it. */
  readonly guessedFrom?: string
  /** Hex, of the archive that it is. */
  readonly sha1?: string
  /** Of what is downloaded. */
  readonly digest?: Digest
  /** Which part of a repository it is: the purl's subpath. */
  readonly subpath?: string
  /** purl qualifiers. */
  readonly qualifiers?: Readonly<Record<string, string>>
}

/** Something that the reader should know about a part of a file. */
export interface FactNote {
  readonly code: string
  readonly message: string
  readonly at?: string
}

/**
 * Code of the note about a library that does not identify itself. The note is dropped when a package of the
 * distribution brought the library, since that package covers it.
 */
export const unnamedArchive = 'archive-unnamed'

/** Code of the note about packages whose version a project does not state. */
export const versionUnknown = 'version-unknown'

/**
 * What a file of a language's packages says.
 * - `installed`: the packages lie here, ready to be used.
 * - `lock`: they are to be installed; counts where nothing installed speaks of the same (see claims.ts).
 * - `files`: the files of the package whose folder this file is in.
 * - `wants`: what a project asks for itself, by name; tells what of a lock only development needs.
 */
export interface LanguageFact {
  readonly kind: 'installed' | 'lock' | 'files' | 'wants'
  readonly packages: readonly PackageFact[]
  readonly notes?: readonly FactNote[]
  readonly files?: readonly string[]
  readonly wants?: readonly string[]
  /** Names of packages that are to be installed in versions that it does not say. */
  readonly unpinned?: readonly string[]
  /** Of a lock: it names only what is asked for directly, and counts where no other lock is in its folder or above. */
  readonly direct?: true
  /** Of a lock: commands, which install more than what the project beside them asks for. */
  readonly isOfCommands?: true
  /** Packages whose code is here, while another file states the version. */
  readonly checkedOut?: readonly string[]
  /** Set when the project has members in folders below, which have their own requirements. */
  readonly hasMembers?: boolean
  /** Packages that only development needs, which are left out. */
  readonly development?: number
}

/** Limit on the packages that one file may name. */
export const packageLimit = 100_000

/** Most names that a package may need. */
const needLimit = 5000

export interface StatedFact
  extends Omit<PackageFact, 'name' | 'version' | 'licence' | 'supplier' | 'needs' | 'digest'> {
  readonly licence?: unknown
  readonly supplier?: unknown
  readonly needs?: readonly string[]
  /** Kept where it is a SHA-256 digest. */
  readonly digest?: string
}

/**
 * A package as something states it; undefined when name or version are missing or are no such thing. Other members
 * that are not texts are left out.
 */
export function packageFact(
  name: unknown,
  version: unknown,
  stated: StatedFact = {},
): PackageFact | undefined {
  const plainName = plain(name, 512)
  const plainVersion = plain(version, 256)
  if (plainName === undefined || plainVersion === undefined) return undefined
  const { licence, supplier, needs, digest, ...rest } = stated
  const licenceText = words(licence)
  const supplierText = words(supplier)
  const kept = [...new Set((needs ?? []).filter((need) => plain(need, 512) !== undefined))]
  return {
    name: plainName,
    version: plainVersion,
    ...rest,
    ...(licenceText === undefined ? {} : { licence: licenceText }),
    ...(supplierText === undefined ? {} : { supplier: supplierText }),
    ...(kept.length === 0 ? {} : { needs: kept.sort().slice(0, needLimit) }),
    ...(digest === undefined || !isDigest(digest) ? {} : { digest }),
  }
}

/** A name or version: one word of sensible length. */
function plain(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' || text.length > most || /[\s\p{Cc}\p{Cf}]/u.test(text) ? undefined : text
}

function words(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = printableLine(value.slice(0, 1000).trim(), { most: 300 })
  return text === '' || text.toUpperCase() === 'UNKNOWN' ? undefined : text
}

/** Facts without those that say nothing, each once. Too many: `limit-exceeded`. */
export function distinct(packages: Iterable<PackageFact | undefined>): PackageFact[] {
  const unique = new Map<string, PackageFact>()
  for (const one of packages) {
    if (one === undefined) continue
    const key = `${one.name}\n${one.version}\n${one.at ?? ''}\n${one.subpath ?? ''}`
    if (!unique.has(key)) unique.set(key, one)
    if (unique.size > packageLimit)
      throw new TemperError('limit-exceeded', `it names more than ${packageLimit} packages`)
  }
  return [...unique.values()]
}
