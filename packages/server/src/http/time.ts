import { z } from '@hono/zod-openapi'

/** A time as people and programs write it: RFC 3339 with any zone, or none for UTC. A "+" that nobody escaped is a blank in a query. */
const time = z.iso.datetime({ offset: true, local: true })
const day = z.iso.date()

const expected = 'expected a time such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31'

/** A time in a query: a day is where it begins, or with `end` where it ends. */
export function queriedTime({ end }: { readonly end: boolean }) {
  return z
    .string()
    .transform((text, context) => {
      const read = readTime(text.replace(/ (?=\d\d:\d\d$)/, '+'), end)
      if (read === undefined) context.addIssue({ code: 'custom', message: expected })
      return read ?? z.NEVER
    })
    .openapi({
      type: 'string',
      description: `a time, or a day in UTC, of which ${end ? 'all' : 'the beginning'} is meant`,
      example: '2026-01-31T12:00:00Z',
    })
}

function readTime(text: string, end: boolean): Date | undefined {
  if (day.safeParse(text).success) {
    const begin = new Date(`${text}T00:00:00Z`)
    return end ? new Date(begin.getTime() + 24 * 3600_000) : begin
  }
  if (!time.safeParse(text).success) return undefined
  return new Date(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
}
