import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { CookieOptions } from 'hono/utils/cookie'
import { flowSeconds, sessionSeconds } from '../../auth/oidc/session.ts'
import type { SignIn } from '../../auth/oidc/sign-in.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Api } from '../app.ts'
import { ProblemError } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

type Origin = ApiWorld['origin']

const callback = '/sign-in/callback'

/** Names of cookies: with TLS ones that no other host or path can set. */
function nameOf(kind: 'session' | 'flow', origin: string): string {
  return origin.startsWith('https:') ? `__Host-temper-${kind}` : `temper-${kind}`
}

function originOf(c: Context, origin: Origin): string {
  return origin({ url: c.req.url, header: (name) => c.req.header(name) })
}

/** The person who has signed in with the browser that sends the request. */
export async function signedIn(
  c: Context,
  { signIn, origin }: Pick<ApiWorld, 'signIn' | 'origin'>,
): Promise<Principal | undefined> {
  if (signIn === undefined) return undefined
  const text = getCookie(c, nameOf('session', originOf(c, origin)))
  if (text === undefined) return undefined
  // Browsers say where a request that changes something comes from; what does not say so is no browser, and has no business with cookies.
  const isSafe = c.req.method === 'GET' || c.req.method === 'HEAD'
  const says = c.req.header('Sec-Fetch-Site') ?? c.req.header('Origin')
  return isSafe || says !== undefined ? await signIn.find(text) : undefined
}

/** Pages on which people sign in, where the settings name a provider for it. */
export function addSignInRoutes(app: Api, world: ApiWorld): void {
  const { signIn, origin, log, audit, now } = world
  if (signIn === undefined) return
  const cookie = (c: Context, seconds: number): CookieOptions => ({
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    maxAge: seconds,
    secure: originOf(c, origin).startsWith('https:'),
  })
  app.get('/sign-in', async (c) => {
    const asked = c.req.query('provider') ?? (signIn.issuers.length === 1 ? signIn.issuers[0] : undefined)
    c.header('Cache-Control', 'no-store')
    if (asked === undefined) return c.html(choices(signIn))
    const own = originOf(c, origin)
    const begun = await signIn.begin(asked, `${own}${callback}`).catch((error: unknown) => {
      log.warn({ err: error }, 'a provider of identities does not answer')
      throw new ProblemError(503, 'The provider of identities does not answer', asked)
    })
    if (begun === undefined) throw new ProblemError(404, 'There is no such provider', asked.slice(0, 200))
    setCookie(c, nameOf('flow', own), begun.flow, cookie(c, flowSeconds))
    return c.redirect(begun.to.href, 303)
  })
  app.get(callback, async (c) => {
    c.header('Cache-Control', 'no-store')
    const own = originOf(c, origin)
    const kept = getCookie(c, nameOf('flow', own))
    // A sign-in is used once.
    deleteCookie(c, nameOf('flow', own), cookie(c, 0))
    const flow = kept === undefined ? undefined : await signIn.flowOf(kept)
    if (flow === undefined)
      throw new ProblemError(
        400,
        'This browser began no sign-in, or began it too long ago',
        'begin at /sign-in',
      )
    const { search } = new URL(c.req.url)
    const finished = await signIn
      .finish(new URL(`${own}${callback}${search}`), flow)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'a sign-in failed')
        throw new ProblemError(403, 'The sign-in failed', (error as Error).message.slice(0, 200))
      })
    if (finished === undefined)
      throw new ProblemError(
        403,
        'You may do nothing here',
        'no grant in the settings matches what your provider says about you',
      )
    await audit.add({ who: finished.principal.name, action: 'sign-in', subject: flow.issuer }, now())
    setCookie(c, nameOf('session', own), finished.session, cookie(c, sessionSeconds))
    return c.redirect('/', 303)
  })
  app.post('/sign-out', (c) => {
    deleteCookie(c, nameOf('session', originOf(c, origin)), cookie(c, 0))
    // Not to the provider, who would sign the browser in again unasked; nor lets a policy for forms lead there.
    return c.redirect('/signed-out', 303)
  })
  app.get('/signed-out', (c) => c.html(signedOut()))
}

function signedOut() {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Signed out of Temper</title></head>
<body><main><h1>You are signed out</h1>
<p>Your provider may still know you: on a machine that others use, sign out there too.</p>
<p><a href="/sign-in">Sign in again</a></p>
</main></body></html>`
}

function choices({ issuers }: SignIn) {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in to Temper</title></head>
<body><main><h1>Sign in</h1>
<ul>${issuers.map((each) => html`<li><a href="/sign-in?provider=${encodeURIComponent(each)}">${new URL(each).host}</a></li>`)}</ul>
</main></body></html>`
}
