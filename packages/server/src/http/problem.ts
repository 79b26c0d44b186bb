import { z } from '@hono/zod-openapi'

export const problemType = 'application/problem+json'

/** Errors of the API as RFC 9457 has them. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
  })
  .openapi('Problem')

export type Problem = z.output<typeof problemSchema>
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 415 | 503

/** Ends a request with a problem. */
export class ProblemError extends Error {
  readonly status: ProblemStatus
  readonly detail: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: ProblemStatus,
    title: string,
    detail?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(title)
    this.name = 'ProblemError'
    this.status = status
    this.detail = detail
    this.headers = headers
  }

  toProblem(): Problem {
    const { status, message: title, detail } = this
    return problem({ title, status, ...(detail === undefined ? {} : { detail }) })
  }
}

/** With a type of its own: one without would have to have the title of its status (RFC 9457, section 4.2.1). */
export function problem(told: Omit<Problem, 'type'>): Problem {
  const name = told.title.toLowerCase().match(/[a-z0-9]+/g)
  return { type: `urn:temper:problem:${name?.join('-')}`, ...told }
}

const described = (description: string) => ({
  description,
  content: { [problemType]: { schema: problemSchema } },
})

/** The errors that any address of the API may return besides its own. */
export const problemResponses = {
  400: described('the request is wrong'),
  401: described('no valid token'),
  403: described('the token is not allowed to do this'),
  404: described('there is no such thing'),
  409: described('its state does not allow this'),
} as const
