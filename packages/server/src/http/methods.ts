import type { Api } from './app.ts'
import { ProblemError } from './problem.ts'

/** All methods that an address may have besides HEAD, which is answered wherever GET is, and OPTIONS. */
const known = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Answers a request to which no route belongs: whoever asks an address with a method that it does not have is told those that it has
 * (RFC 9110, sections 9.3.7 and 15.5.6). Throws what there is to say.
 */
export function answerUnrouted(
  app: Api,
  { method, path }: { readonly method: string; readonly path: string },
) {
  const allowed = methodsAt(app, path)
  const shown = path.slice(0, 200)
  if (allowed.length === 0) throw new ProblemError(404, 'Not found', `There is nothing at ${shown}.`)
  const allow = allowed.join(', ')
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow } })
  const detail = `${shown}: expected ${allow}, found ${method}`
  throw new ProblemError(405, 'There is no such method here', detail, { Allow: allow })
}

/** The methods of an address, in the order of a fixed list; none where there is nothing. */
function methodsAt(app: Api, path: string): readonly string[] {
  // What is there for all methods and addresses answers none by itself.
  const has = (method: string) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  const own = known.filter(has).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return own.length === 0 ? [] : [...own, 'OPTIONS']
}
