import type { Digest } from '../../base/digest.ts'
import type { ChangelogFacts } from './changelog.ts'
import type { Diversion } from './diversion.ts'
import type { LicenceStatement } from './licence.ts'
import type { Package } from './package.ts'

export type EntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo'

/** One object of a file system: in a package archive, in a layer, or in the finished tree. */
export interface FileEntry {
  /** UTF-8 text without leading or trailing slash and without `.` or `..`, e.g. "usr/bin/nginx". */
  readonly path: string
  readonly type: EntryType
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes; 0 unless a file. */
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  /** Symlink text as stored, or the path (as above) that a hard link shares. */
  readonly target?: string
  /** Names of owner and group in the archive, which take precedence over the ids. */
  readonly userName?: string
  readonly groupName?: string
  /** Extended attributes, values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>
  readonly device?: { readonly major: number; readonly minor: number }
}

/** How linker and compiler protect a program (gABI, chapter 5, and its GNU extensions). */
export interface ElfProtections {
  /** The program can be loaded at any address, so that it is at another one each time. Libraries always can. */
  readonly positionIndependent: boolean
  /** PT_GNU_RELRO: tables of addresses are read-only once the program runs; "full" when all are bound before that. */
  readonly relro: 'none' | 'partial' | 'full'
  /** PT_GNU_STACK asks for a stack whose content can be run. */
  readonly executableStack: boolean
  /** A loaded segment can be both written and run. */
  readonly writableCode?: true
  /**
   * Whether functions detect that their stack was overwritten: `__stack_chk_fail` is among its dynamic symbols.
   * Absent when that is not known, since nothing is linked dynamically.
   */
  readonly stackProtector?: boolean
}

/** What the dynamic loader would need to know about an ELF file (System V gABI, chapter 5). */
export interface ElfFacts {
  /** e_machine: 62 x86-64, 183 AArch64. */
  readonly machine: number
  readonly bits: 32 | 64
  /** e_type 2 executable, 3 shared object. */
  readonly kind: 'executable' | 'shared' | 'other'
  /** PT_INTERP. */
  readonly interpreter?: string
  readonly soname?: string
  readonly needed: readonly string[]
  readonly runpath: readonly string[]
  readonly rpath: readonly string[]
  /** DT_VERNEED: library file name → versions asked for (weak ones left out). */
  readonly versionNeeds: Readonly<Record<string, readonly string[]>>
  /** DT_VERDEF: versions that this object defines. */
  readonly versionDefinitions: readonly string[]
  /**
   * Names dlopen or dlmopen (dlopen(3)) in its dynamic symbols, so that it may load libraries that it does not need;
   * or may do so, its names being out of reach. Absent: it does not.
   */
  readonly opensLibraries?: true
  /** What makes flaws in it harder to use. Absent in what earlier versions kept. */
  readonly protections?: ElfProtections
  /** Names iconv_open(3) there, as above: it converts texts between character sets, or offers to. */
  readonly convertsText?: true
  /** Names system(3), popen(3) or wordexp(3) there, as above: the C library then starts /bin/sh. */
  readonly asksForShell?: true
  /** Has the text "/bin/sh" somewhere in it. */
  readonly namesShell?: true
  /** Set when the file could not be understood; the proof then says so. */
  readonly damaged?: string
}

/** What the bytes of an OpenSSL FIPS module say. */
export interface FipsModuleFacts {
  /** Hex of the HMAC-SHA-256 that fipsmodule.cnf has to hold (fips_config(5)). */
  readonly mac: string
  /** "OpenSSL FIPS Provider". */
  readonly name?: string
  /** "3.5.9". */
  readonly version?: string
  /** Number of a certificate that a text in it names; most name none. */
  readonly certificate?: string
}

/** An entry of a package with what was learned while its bytes went by. */
export interface PackageEntry extends FileEntry {
  /** Files only. */
  readonly digest?: Digest
  /** Files only: hex of the SHA-1, which SPDX 2.3 demands of every file. Proves nothing. */
  readonly sha1?: string
  readonly elf?: ElfFacts
  /** The `#!` line's interpreter, with `env`'s argument resolved: ["/usr/bin/env", "python3"]. */
  readonly shebang?: readonly string[]
  /** Only for files where OpenSSL looks for its FIPS module. */
  readonly fipsModule?: FipsModuleFacts
}

/** What a package archive says about itself. */
export interface ArchiveMetadata {
  readonly identity: Pick<Package, 'name' | 'version' | 'architecture'>
  /** For people and bills of materials: one line each, absent when not stated. */
  readonly about: {
    readonly maintainer?: string
    readonly homepage?: string
    readonly summary?: string
    /** The licence that the archive states, unless a file in it says more. */
    readonly licence?: LicenceStatement
  }
  /** Further data for its distribution only (scripts, relations, triggers…), as JSON. */
  readonly own: unknown
}

/**
 * Everything that is known about the content of a package, without the file contents. It is kept in the cache by the
 * package's digest, so that planning an image reads no archive.
 */
export interface PackageContent extends ArchiveMetadata {
  readonly digest: Digest
  /** In the order of the archive. */
  readonly entries: readonly PackageEntry[]
  /** Contents that effects read (accounts, tmpfiles.d, certificates…), by path, in base64. */
  readonly captured: Readonly<Record<string, string>>
  /** Files of other packages that it has renamed before it is unpacked. Absent: none. */
  readonly diversions?: readonly Diversion[]
  /** What its copyright files state, by their path in the archive. Absent: it has none. */
  readonly licences?: Readonly<Record<string, LicenceStatement>>
  /** Absent: it has no changelog of the distribution, or one that cannot be read. */
  readonly changelog?: ChangelogFacts
}

/** Bytes of a file that were kept while its package was read; undefined when they were not. */
export function capturedBytes(
  content: Pick<PackageContent, 'captured'>,
  path: string,
): Uint8Array | undefined {
  // A path is a foreign name: "constructor" must not find what every object has.
  const text = Object.hasOwn(content.captured, path) ? content.captured[path] : undefined
  return text === undefined ? undefined : Buffer.from(text, 'base64')
}
