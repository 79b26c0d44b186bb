import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

/** Images that one answer is about at most, and where nothing is asked for. */
const most = 1000

/** Lists take the same parameters as lists of the registry: how many, and after which name. */
export const pageQuery = z.object({
  n: z.coerce.number().int().min(1).max(most).default(most).openapi({ description: 'how many images' }),
  last: z.string().max(500).optional().openapi({ description: 'those after this name' }),
})

/** Names the next page in the header Link (RFC 8288). */
export function linkNext(c: Context, last: string | undefined): void {
  if (last === undefined) return
  const next = new URL(c.req.url)
  next.searchParams.set('last', last)
  c.header('Link', `<${next.pathname}${next.search}>; rel="next"`)
}
