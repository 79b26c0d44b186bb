import type { ApkKey } from '../../../formats/apk/signature.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'

/** One repository to be read: a folder below an address, with a folder for each architecture in it. */
export interface Repository {
  /** Id in the lock. */
  readonly id: string
  /** Identifies the repository for the rollback check. */
  readonly identity: string
  /** In the lock; begins with "@" when only packages that ask for it are taken from it. */
  readonly suite: string
  /** Name of the part: "main". */
  readonly component: string
  /** Below the address, "" when it is the address itself: "v3.23/main". */
  readonly path: string
  /** Whether a mirror may lack it. */
  readonly optional: boolean
  /** Keys that may sign. */
  keys(architecture: Architecture): readonly ApkKey[]
  /** In the order of preference. */
  readonly mirrors: readonly Mirror[]
}

/** "main of alpine v3.23": how messages call a repository. */
export function repositoryTitle({ id, suite, component }: Repository): string {
  return `${component} of ${id} ${suite}`
}
