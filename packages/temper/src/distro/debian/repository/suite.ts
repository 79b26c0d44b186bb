import { TemperError } from '../../../base/error.ts'
import type { Keyring } from '../../../formats/crypto/openpgp.ts'
import type { Architecture } from '../../../model/platform.ts'
import { archiveUrl, type Mirror } from '../../shared/fetching/mirror.ts'

/** One suite that is to be read, whether of Debian or of a recipe's own repository. */
export interface SuiteRequest {
  /** Id of the repository in the lock. */
  readonly repository: string
  /** What makes two requests the same repository for the guard against going back. */
  readonly identity: string
  /** As below `dists/`; with a slash at its end for a flat repository, without `dists/`. */
  readonly suite: string
  readonly components: readonly string[]
  /** Absent: all are asked for. */
  readonly architectures?: readonly Architecture[]
  readonly keys: Keyring
  /** In the order of preference. */
  readonly mirrors: readonly Mirror[]
  /** A repository of somebody else's, which is met as it is; those of the distribution are held to its rules. */
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
 * Whether a server says that it does not have a file. Object storages that let nobody list what they have say
 * "forbidden" instead.
 */
export function isAbsence(error: unknown): error is TemperError {
  return error instanceof TemperError && absences.some((status) => status === error.details['status'])
}

/** Statuses of HTTP that mean so. */
export const absences: readonly number[] = [403, 404, 410]
