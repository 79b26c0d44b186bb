/** Errors of the API as RFC 9457 has them. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
}

export const problemType = 'application/problem+json'

/** A problem that its status says all about. */
export function problem(status: number, title: string, detail?: string): Problem {
  return { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) }
}
