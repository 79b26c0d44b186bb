import { TemperError } from '../../../base/error.ts'
import type { Keyring } from '../../../formats/crypto/openpgp.ts'
import type { Architecture } from '../../../model/platform.ts'
import { archiveUrl, type Mirror } from '../../shared/fetching/mirror.ts'

/** One suite to be read, of Debian or of a recipe's own repository. */
export interface SuiteRequest {
  /** Id of the repository in the lock. */
  readonly repository: string
  /** Identifies the repository for the rollback check. */
  readonly identity: string
  /** As below `dists/`; with a slash at its end for a flat repository, without `dists/`. */
  readonly suite: string
  readonly components: readonly string[]
  /** Absent: all are asked for. */
  readonly architectures?: readonly Architecture[]
  readonly keys: Keyring
  /** In the order of preference. */
  readonly mirrors: readonly Mirror[]
  /**
   * Whether it is somebody else's repository, which is read leniently; those of the distribution have to follow its
   * rules.
   */
  readonly foreign: boolean
}

/** "trixie-security of debian-security": how messages call a suite. */
export function suiteTitle(request: Pick<SuiteRequest, 'repository' | 'suite'>): string {
  return `${request.suite} of ${request.repository}`
}

/** Address of a file of the suite's folder, or of the archive's root. The path must be a safe one. */
export function suiteUrl(mirror: Mirror, request: Pick<SuiteRequest, 'suite'>, path: string): string {
  const flat = request.suite.endsWith('/')
  return archiveUrl(mirror, flat ? `${flatFolder(request.suite)}${path}` : `dists/${request.suite}/${path}`)
}

function flatFolder(suite: string): string {
  return suite === './' ? '' : suite
}

/**
 * Whether an error says that the server does not have a file. Object storages without permission to list say
 * "forbidden" instead.
 */
export function isAbsence(error: unknown): error is TemperError {
  return error instanceof TemperError && absences.some((status) => status === error.details['status'])
}

/** HTTP statuses that mean that a file is missing. */
export const absences: readonly number[] = [403, 404, 410]
