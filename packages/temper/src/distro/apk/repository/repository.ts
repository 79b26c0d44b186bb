import type { ApkKey } from '../../../formats/apk/signature.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'

/** One repository that is to be read: a folder below an address, with a folder of each architecture in it. */
export interface Repository {
  /** Id in the lock. */
  readonly id: string
  /** What makes two requests the same repository for the guard against going back. */
  readonly identity: string
  /** In the lock; begins with "@" when only packages that ask for it are taken from it. */
  readonly suite: string
  /** Name of the part: "main". */
  readonly component: string
  /** Below the address, "" when it is the address itself: "v3.23/main". */
  readonly path: string
  /** Whether a mirror may do without it. */
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
