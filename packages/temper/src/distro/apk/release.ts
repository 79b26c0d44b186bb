import type { Release } from '../../model/distro.ts'
import type { Architecture } from '../../model/platform.ts'

/** A release of a distribution with apk packages, with its own repository. */
export interface ApkRelease extends Release {
  /** Id of the distribution's own repository in the lock, and for mirrors: "alpine". */
  readonly repository: string
  /** Where the repository is when no mirror is set. */
  readonly address: string
  /**
   * Folder of the release below a mirror's address, which has the components: "v3.23". Absent: the address itself has the index
   * of each architecture, as where a distribution has no releases.
   */
  readonly branch?: string
  /** Parts of the repository; a mirror need not have those after the first. */
  readonly components: readonly string[]
  /** Key files that ship with Temper and may sign, by architecture. */
  readonly keys: Readonly<Record<Architecture, readonly string[]>>
  /** Pattern for a line of the host's /etc/apk/repositories that names a mirror, whose address is the first group. */
  readonly hostLine: RegExp
  /** Folder of the package database: "lib/apk/db". */
  readonly database: string
}

/** apk's names of architectures. */
export const apkArchitectures: Readonly<Record<Architecture, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

/** Path of a component below a mirror's address; empty when it is the address itself. */
export function componentPath({ branch }: Pick<ApkRelease, 'branch'>, component: string): string {
  return branch === undefined ? '' : `${branch}/${component}`
}
