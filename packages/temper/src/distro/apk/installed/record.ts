import type { ApkRecord } from '../../../formats/apk/record.ts'
import type { SystemPackage } from '../../../model/package/installed.ts'
import type { PackageContent } from '../../../model/package/package-content.ts'
import type { FileTree, TreeNode } from '../../../model/tree/file-tree.ts'
import { parentOf } from '../../../model/tree/path.ts'

/** What apk keeps of an installed package. */
export interface ApkInstalled {
  readonly record: ApkRecord
  /** Its paragraph as it stands. Absent for a package that is installed now. */
  readonly text?: string
  /** Of a package that is installed now. */
  readonly content?: PackageContent
  /** The package that it replaces. */
  readonly previous?: ApkInstalled
}

/** What apk keeps of a package. */
export function apkInstalled({ own }: Pick<SystemPackage, 'own'>): ApkInstalled {
  // Only the readers of the database make them.
  return own as ApkInstalled
}

/** The file that lists installed packages; /lib may be a link. */
export function databaseFile(root: FileTree): TreeNode | undefined {
  return root.resolve('lib/apk/db/installed') ?? root.resolve('usr/lib/apk/db/installed')
}

/** The folder that it is in. */
export function databaseFolder(root: FileTree): string {
  return parentOf(databaseFile(root)?.path ?? 'lib/apk/db/installed')
}
