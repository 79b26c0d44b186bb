import type { IncomingMessage } from 'node:http'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import { tokenOf } from '../auth/credentials.ts'
import { may, type Principal } from '../auth/principal.ts'
import { RegistryError } from '../registry/error.ts'
import { demandCurrent } from './current.ts'
import { answerUnrouted } from './methods.ts'
import { addHomePage } from './page/home.ts'
import { ProblemError, problemType } from './problem.ts'
import { addFactoryRoutes } from './routes/factory/routes.ts'
import { addQuarantineRoutes } from './routes/quarantine.ts'
import { addReplicationRoutes } from './routes/replication.ts'
import { addRepositoryRoutes } from './routes/repositories.ts'
import { addRetentionRoutes } from './routes/retention.ts'
import { addServiceRoutes } from './routes/service.ts'
import { addSignInRoutes, signedIn } from './routes/sign-in.ts'
import { addSweepRoutes } from './routes/sweep.ts'
import { addTokenRoutes } from './routes/tokens.ts'
import type { ApiWorld } from './world.ts'

/** What each address of /api knows of whoever asks. */
interface Variables {
  principal: Principal
  /** Whether it is an administrator of the whole service. */
  mayAdminister: boolean
}
interface Environment {
  Variables: Variables
  Bindings: { readonly incoming?: IncomingMessage }
}
export type Api = OpenAPIHono<Environment>

/** Pages load nothing from anywhere, and run nothing. */
const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [NONCE],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
  },
}

/** Most bytes of a request to the API. */
const requestLimit = 1 << 20
/** The same of what workers send: locks of large images. */
const workLimit = 64 << 20

/** What a database says of texts with a character that it cannot keep (PostgreSQL's errors 22021 and 22P05). */
const unkeepable: ReadonlySet<unknown> = new Set(['22021', '22P05'])

/** The app for all addresses except those of the registry. */
export function createApp(world: ApiWorld): Api {
  const app: Api = new OpenAPIHono({
    // The first mistake, with its place: what people need to go on.
    defaultHook: (result) => {
      if (result.success) return
      const [issue] = result.error.issues
      // Empty for what is wrong with all of it, such as a member that nobody knows.
      const place = issue?.path.join('.') ?? ''
      throw new ProblemError(400, 'The request is wrong', [place, issue?.message].filter(Boolean).join(': '))
    },
  })
  app.use(secureHeaders(headers))
  app.use(async (c, next) => {
    await next()
    // The rest of a body that nobody reads ends the connection: whoever asks next must not use it.
    if (c.env?.incoming?.complete === false) c.res.headers.set('Connection', 'close')
  })
  const authenticate: MiddlewareHandler<Environment> = async (c, next) => {
    const text = tokenOf(c.req.header('Authorization'))
    const principal = text === undefined ? await signedIn(c, world) : await world.find(text)
    if (principal === undefined && c.req.path === '/' && text === undefined && world.signIn !== undefined)
      return c.redirect('/sign-in', 303)
    if (principal === undefined)
      throw new ProblemError(
        401,
        'A valid token is needed',
        'as a bearer token, or as the password of any user',
      )
    c.set('principal', principal)
    c.set('mayAdminister', may(principal, 'administer'))
    await next()
  }
  const limited = bodyLimit({ maxSize: requestLimit, onError: () => tooLarge() })
  const limitedWork = bodyLimit({ maxSize: workLimit, onError: () => tooLarge() })
  app.use('/api/*', (c, next) => (c.req.path.startsWith('/api/worker/') ? limitedWork : limited)(c, next))
  app.use('/api/*', authenticate)
  app.use('/api/*', async (_, next) => {
    demandCurrent(world)
    await next()
  })
  app.use('/api/*', async (c, next) => {
    takeForJson(c.req.raw.headers)
    await next()
  })
  app.use('/', authenticate)
  app.use('/.well-known/vex-repository.json', authenticate)
  addServiceRoutes(app, world)
  addSignInRoutes(app, world)
  addTokenRoutes(app, world)
  addQuarantineRoutes(app, world)
  addRepositoryRoutes(app, world)
  addSweepRoutes(app, world)
  addRetentionRoutes(app, world)
  addReplicationRoutes(app, world)
  if (world.factory !== undefined) addFactoryRoutes(app, world.factory, world)
  addHomePage(app, world)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Temper', version: '1', description: 'The service around Temper.' },
  })
  app.notFound((c) => answerUnrouted(app, c.req))
  app.onError((error) => {
    if (error instanceof ProblemError) return answer(error)
    if (error instanceof RegistryError)
      return answer(new ProblemError(403, 'The registry does not accept this', error.message))
    // What parses a body throws its own.
    if ('status' in error && error.status === 415)
      return answer(
        new ProblemError(415, 'The request is wrong', 'expected JSON, and Content-Type: application/json'),
      )
    if ('status' in error && error.status === 400)
      return answer(new ProblemError(400, 'The request is wrong', 'expected JSON'))
    if ('code' in error && unkeepable.has(error.code))
      return answer(new ProblemError(400, 'The request is wrong', 'a text has the character U+0000'))
    world.log.error({ err: error }, 'a request to the API failed')
    return answer(new ProblemError(503, 'The service cannot do this now', 'Its log says why.'))
  })
  return app
}

/**
 * Clients say something else of JSON when nobody tells them what it is (curl: a form). No browser sends a bearer token by itself, so that
 * no form of another site's page is taken for a request.
 */
function takeForJson(headers: Headers): void {
  if (/^bearer /i.test(headers.get('authorization') ?? '') && headers.has('content-type'))
    headers.set('content-type', 'application/json')
}

function tooLarge(): Response {
  return answer(new ProblemError(400, 'The request is too large', `at most ${requestLimit} bytes`))
}

function answer(error: ProblemError): Response {
  const headers = new Headers(error.headers)
  headers.set('Content-Type', problemType)
  // What a browser asks for; programs send a bearer token unasked.
  if (error.status === 401) headers.set('WWW-Authenticate', 'Basic realm="Temper"')
  return new Response(JSON.stringify(error.toProblem()), { status: error.status, headers })
}
