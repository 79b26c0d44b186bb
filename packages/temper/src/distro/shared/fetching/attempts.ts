import { TemperError } from '../../../base/error.ts'
import type { ErrorCode } from '../../../base/error-code.ts'
import { redactUrl } from '../../../base/http/redact.ts'
import type { Progress } from '../../../base/progress.ts'
import type { Mirror } from './mirror.ts'

/** What another mirror may do better, the most telling first: this decides the code of the common error. */
const passing: readonly ErrorCode[] = [
  'signature-invalid',
  'release-rollback',
  'release-expired',
  'digest-mismatch',
  'bad-index',
  'bad-archive',
  'limit-exceeded',
  'unauthorized',
  'network',
]

/** True when an error is the mirror's fault, not that of the recipe, the disk or the person. */
export function isMirrorFailure(error: unknown): error is TemperError {
  return error instanceof TemperError && passing.includes(error.code)
}

/**
 * Tries the mirrors in their order until one serves. After a failure of the mirror the next one is tried, and the
 * failure is reported; when all fail, one error lists what happened with each.
 */
export async function tryMirrors<T>(
  mirrors: readonly Mirror[],
  attempt: (mirror: Mirror) => Promise<T>,
  options: { readonly what: string; readonly progress: Progress },
): Promise<T> {
  const failures: { readonly mirror: Mirror; readonly error: TemperError }[] = []
  for (const mirror of mirrors) {
    try {
      return await attempt(mirror)
    } catch (error) {
      if (!isMirrorFailure(error)) throw error
      failures.push({ mirror, error })
      if (failures.length === mirrors.length) break
      const text = `${redactUrl(mirror.address)} is skipped for ${options.what}: ${reasonOf(error)}`
      if (error.code === 'network') options.progress.note(text)
      else options.progress.warn(text)
    }
  }
  throw combine(failures, options.what)
}

function combine(
  failures: readonly { readonly mirror: Mirror; readonly error: TemperError }[],
  what: string,
): TemperError {
  const [first] = failures
  if (!first) {
    return new TemperError('bad-configuration', `There is no mirror to fetch ${what} from`, {
      next: { action: 'set-mirror' },
    })
  }
  if (failures.length === 1) return first.error
  const codes = failures.map(({ error }) => error.code)
  const code = passing.find((known) => codes.includes(known)) ?? first.error.code
  const lines = failures.map(({ mirror, error }) => `  ${redactUrl(mirror.address)}: ${reasonOf(error)}`)
  return new TemperError(code, `Cannot fetch ${what}; each mirror failed:\n${lines.join('\n')}`, {
    hint: 'Check the network and the proxy settings, or use another mirror.',
    next: { action: 'set-mirror' },
    details: {
      failures: failures.map(({ mirror, error }) => ({
        address: redactUrl(mirror.address),
        code: error.code,
        message: error.message,
      })),
    },
    cause: first.error,
  })
}

/** Without what and address where these are said already. */
function reasonOf(error: TemperError): string {
  const { reason } = error.details
  return typeof reason === 'string' ? reason : error.message
}
