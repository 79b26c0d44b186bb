/**
 * A registry's error answer to a request (distribution-spec 1.1, "Error Codes"). The codes are those of the
 * specification; UNAVAILABLE is what registries answer when another registry that they ask does not.
 */
export const registryErrors = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 413,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNAVAILABLE: 503,
  UNSUPPORTED: 405,
} as const

export type RegistryErrorCode = keyof typeof registryErrors

export interface RegistryErrorOptions {
  /** Replaces the status that goes with the code. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Facts for programs. */
  readonly detail?: Readonly<Record<string, unknown>>
}

export class RegistryError extends Error {
  readonly code: RegistryErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly detail: Readonly<Record<string, unknown>> | undefined

  constructor(code: RegistryErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(message)
    this.name = 'RegistryError'
    this.code = code
    this.status = options.status ?? registryErrors[code]
    this.headers = options.headers ?? {}
    this.detail = options.detail
  }

  /** The body of the answer. */
  toJson(): string {
    const { code, message, detail } = this
    return JSON.stringify({ errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] })
  }
}
