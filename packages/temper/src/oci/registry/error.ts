import { TemperError, type TemperErrorOptions } from '../../base/error.ts'
import type { ErrorCode } from '../../base/error-code.ts'
import { describeStatus } from '../../base/http/failure.ts'
import type { HttpResponse } from '../../base/http/http.ts'
import { redactText, redactUrl } from '../../base/http/redact.ts'
import { tryJson } from '../../base/json/parse.ts'

export interface RegistryAction {
  /** "push", "read"… */
  readonly verb: string
  /** "sha256:… to registry.example/team/nginx". */
  readonly what: string
  readonly method: string
}

const bodyLimit = 64 << 10

/**
 * Whether a status means success. Registries also answer with other success statuses than the one that the
 * specification names.
 */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/**
 * The error for an unwanted answer, with what the registry says about it (distribution-spec, "Error Codes"). Reads
 * and closes the answer.
 */
export async function registryError(response: HttpResponse, action: RegistryAction): Promise<TemperError> {
  const { status } = response
  const said = await reasonsOf(response)
  const url = redactUrl(response.url)
  const reason = said === '' ? '' : `: ${said}`
  const message = `Cannot ${action.verb} ${action.what}: ${action.method} ${url}: ${describeStatus(response)}${reason}`
  return new TemperError(codeOf(status), message, { ...adviceFor(status), details: { url, status } })
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized'
  return status === 404 ? 'not-found' : 'network'
}

function adviceFor(status: number): Pick<TemperErrorOptions, 'hint' | 'next'> {
  if (status === 401 || status === 403)
    return { hint: 'Check that the account is allowed to do this.', next: { action: 'log-in' } }
  return { hint: hintFor(status) }
}

function hintFor(status: number): string {
  if (status === 404) return 'Check the name of the repository and the tag.'
  if (status === 413) return 'The registry, or a proxy in front of it, limits the size of requests.'
  if (status === 429) return 'The registry limits the number of requests. Wait, or log in for a higher limit.'
  if (status >= 500) return 'The registry has a problem. Try again later.'
  return 'Check that the registry allows this, and that it supports OCI images.'
}

/** Codes and messages of the body, on one line, without anything that could be a secret or a control sequence. */
async function reasonsOf(response: HttpResponse): Promise<string> {
  let body: unknown
  try {
    body = tryJson(await response.text(bodyLimit))
  } catch {
    // The body only explains the status; without it the status alone is reported.
    return ''
  } finally {
    await response.close()
  }
  const errors = (body as { errors?: unknown } | null)?.errors
  if (!Array.isArray(errors)) return ''
  const texts = errors.slice(0, 3).map((error) => {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
    return [code, message].filter((part) => typeof part === 'string' && part !== '').join(', ')
  })
  const text = texts.filter((each) => each !== '').join('; ')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return redactText(text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').slice(0, 300))
}
