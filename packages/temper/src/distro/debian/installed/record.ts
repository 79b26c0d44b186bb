import type { SystemPackage } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'

/** The folder of dpkg's database (dpkg(1), FILES). */
export const dpkgFolder = 'var/lib/dpkg'

export const statusPath = `${dpkgFolder}/status`

/** The folder with a file for each package in images without dpkg, which Distroless introduced and scanners read. */
export const statusFolder = `${dpkgFolder}/status.d`

/** What dpkg keeps of a package besides its stanza: "libc6:amd64" where several architectures may be installed. */
export interface DpkgRecord {
  /** The stanza as it stands, without the empty line after it. */
  readonly text: string
  /** Where it stands: the status file, or a file of its own as images without dpkg have it. */
  readonly place: string
  /** Start of the names of its files below info/: "libc6:amd64". */
  readonly infoName: string
  /** For a package that is being installed, its files below info/ by name ending: "list", "postinst". */
  readonly files?: ReadonlyMap<string, Uint8Array>
  /** The package that it replaces. */
  readonly previous?: DpkgRecord
}

const present = /(?:^|\s)(?:installed|unpacked|half-configured|triggers-awaited|triggers-pending)\s*$/

/** Whether the files of a package are in place, by its Status (dpkg(1), "Package states"). */
export function isPresent(status: string): boolean {
  return present.test(status)
}

/** What dpkg keeps of an installed package. */
export function dpkgRecord({ own }: Pick<SystemPackage, 'own'>): DpkgRecord {
  // Only `readDatabase` makes them.
  return own as DpkgRecord
}

/** Text of a file of the tree whose content was kept; undefined when there is none. */
export function textAt(root: FileTree, path: string): string | undefined {
  const content = root.get(path)?.content
  return content === undefined ? undefined : Buffer.from(content).toString('utf8')
}

/** The lines of a package's list of checksums, by path. */
export function checksumsOf(
  root: FileTree,
  { infoName, place, files }: Pick<DpkgRecord, 'infoName' | 'place' | 'files'>,
): readonly (readonly [path: string, sum: string])[] {
  const path = place === statusPath ? `${dpkgFolder}/info/${infoName}.md5sums` : `${place}.md5sums`
  const own = files?.get('md5sums')
  const text = files === undefined ? textAt(root, path) : own && Buffer.from(own).toString('utf8')
  return (text ?? '').split('\n').flatMap((line) => {
    const [, sum, file] = /^([0-9a-f]{32}) [ *](.+)$/.exec(line) ?? []
    return sum === undefined || file === undefined ? [] : [[file.replace(/^\.?\/+/, ''), sum] as const]
  })
}
