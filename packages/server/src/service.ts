import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { destination, pino } from 'pino'
import { AuditLog } from './audit.ts'
import { tokenOf } from './auth/credentials.ts'
import type { Principal } from './auth/principal.ts'
import { hashOf } from './auth/token.ts'
import { TokenFile } from './auth/token-file.ts'
import { TokenTable } from './auth/token-table.ts'
import type { Tokens } from './auth/tokens.ts'
import { identitiesOf, proxiesOf, replicatorsOf, signInOf } from './elsewhere.ts'
import type { Factory, FactoryOptions } from './factory/factory.ts'
import { type PlaceOptions, publishPlace } from './factory/place.ts'
import { signerOf } from './factory/signer-settings.ts'
import type { Workers } from './factory/world.ts'
import { type GateOptions, openGate } from './gate/gate.ts'
import { createApp } from './http/app.ts'
import { Front } from './http/front.ts'
import { Metrics } from './http/metrics.ts'
import type { ApiWorld } from './http/world.ts'
import type { ImageGate } from './registry/image-gate.ts'
import { isContentDigest } from './registry/name.ts'
import { Registry } from './registry/registry.ts'
import { Housekeeper } from './registry/retention/housekeeper.ts'
import { demandDeletable, isImmutable, setTags } from './registry/rules/immutable.ts'
import { Storage } from './registry/storage/storage.ts'
import type { Settings } from './settings.ts'
import { allOrNone, Startup } from './startup.ts'
import { type Context, TemperError } from './temper.ts'
import { type FeedPlace, feedPlace } from './watch/kept-feeds.ts'
import { WorkerPool } from './workers/pool.ts'

/** Bytes of the log that are written at once, and milliseconds after which less is written. */
const [logBatch, logEvery] = [4096, 100]

/** A service that answers requests, and does nothing on its own yet. */
export interface Service {
  readonly url: string
  readonly tokens: Tokens
  readonly storage: Storage
  readonly factory: Factory | undefined
  readonly now: () => Date
  /** What it still waits for: over when everything has begun. */
  readonly startup: Startup
  /** Accepts no more requests, and returns when the open ones have ended. */
  close(): Promise<void>
}

/** Listens, and opens all parts of a service, as many as possible at the same time. */
export async function openService(settings: Settings, context: Context | undefined): Promise<Service> {
  const log =
    settings.log === 'stderr'
      ? pino(destination({ dest: 2, sync: false, minLength: logBatch, periodicFlush: logEvery }))
      : pino({ level: 'silent' })
  const storage = await Storage.open(join(settings.data, 'registry'))
  const metrics = new Metrics()
  const audit = new AuditLog(join(settings.data, 'audit.jsonl'))
  // One clock for the service and for what it builds and judges.
  const now = context === undefined ? () => new Date() : () => context.now()
  // What the service's own parts come in with: never leaves this process.
  const secret = () => randomBytes(32).toString('base64url')
  const own = { gate: secret(), factory: secret(), replication: secret() }
  const feeds = await feedsOf(settings)
  const startup = new Startup()
  const front = await Front.listen(settings, { log, metrics, startup })
  const reached = () => front.near
  const pool = new WorkerPool(now)
  const opening = {
    factory: openFactory(settings, context, {
      ...(settings.factory?.buildOn === 'workers' ? { workers: { pool, clear: clearer(storage) } } : {}),
      token: own.factory,
      own: reached,
      inside: insideOf(storage, settings.rules),
      log,
      now,
      startup,
      ...(feeds === undefined ? {} : { feeds }),
    }),
    gate: gateOf(settings, context, {
      token: own.gate,
      registry: reached,
      ...(feeds === undefined ? {} : { feeds: feeds.read, feedsAwaited: feeds.folder !== undefined }),
    }),
    replicators: replicatorsOf(settings, context, {
      log,
      now,
      own: { host: reached, token: own.replication },
    }),
    identities: (async () => identitiesOf(settings, context))(),
    signIn: signInOf(settings, context, now),
    proxies: proxiesOf(settings, context),
  }
  const parts = await allOrNone(opening, async (opened) => {
    await front.close()
    await opened.factory?.close()
    await Promise.all(opened.proxies?.map((proxy) => proxy.close()) ?? [])
  })
  const { factory, gate, replicators, identities, signIn, proxies } = parts
  const tokenFile = join(settings.data, 'tokens.json')
  const isShared = settings.factory?.database !== undefined
  const tokens =
    factory !== undefined && isShared
      ? await TokenTable.open(factory.world.db, tokenFile)
      : await TokenFile.open(tokenFile)
  const housekeeper = new Housekeeper({
    storage,
    now,
    rules: settings.rules,
    audit: (entry) => audit.add(entry, now()),
    failed: (error) => log.error({ err: error }, 'retention failed'),
    ...(factory === undefined ? {} : { running: () => runningIn(factory) }),
  })
  // Compared as hashes: how long that takes says nothing of the secrets.
  const insiders = new Map([
    [hashOf(own.gate), gatekeeper],
    [hashOf(own.replication), copyist],
    [hashOf(own.factory), publisher],
  ])
  const find = async (text: string) =>
    (await tokens.find(text, now())) ?? (await identities?.find(text, now()))
  const world: ApiWorld = {
    metrics,
    tokens,
    find,
    audit,
    storage,
    housekeeper,
    replicators,
    log,
    now,
    rules: settings.rules,
    origin: originOf(settings.limits.behindProxy),
    ...(signIn === undefined ? {} : { signIn }),
    ...(factory === undefined ? {} : { factory: factory.world }),
  }
  const registry = new Registry({
    storage,
    proxies,
    blobLimit: settings.blobLimit,
    rules: settings.rules,
    ...(gate === undefined ? {} : { gate }),
    pushed: async (name, references) => {
      for (const each of replicators) await each.pushed(name, references)
    },
    audit: (entry) => audit.add(entry, now()),
    authenticate: async (request) => {
      const text = tokenOf(request.headers.authorization)
      if (text === undefined) return undefined
      return insiders.get(hashOf(text)) ?? pool.principalOf(text) ?? (await find(text))
    },
  })
  front.open({
    api: getRequestListener(createApp(world).fetch),
    registry: (request, response) => registry.handle(request, response),
  })
  housekeeper.start()
  for (const each of replicators) each.start()
  const close = async () => {
    await housekeeper.close()
    await Promise.all(replicators.map((each) => each.close()))
    await Promise.all(proxies.map((proxy) => proxy.close()))
    pool.close()
    await factory?.close()
    await front.close()
    await registry.close()
  }
  return { url: front.url, tokens, storage, factory, now, startup, close }
}

async function openFactory(
  settings: Settings,
  context: Context | undefined,
  {
    token,
    own,
    inside,
    workers,
    ...common
  }: Pick<FactoryOptions, 'log' | 'now' | 'feeds' | 'startup'> &
    Pick<PlaceOptions, 'token' | 'own' | 'inside'> & { readonly workers?: Pick<Workers, 'pool' | 'clear'> },
): Promise<Factory | undefined> {
  const { data, factory: asked, policy, knownAs } = settings
  if (asked === undefined) return undefined
  if (context === undefined)
    throw new TemperError('bad-configuration', 'A factory needs a context to build images', {
      hint: 'Give the service a context.',
    })
  const { registry, database, recipes, program, environment, promotion, sla } = asked
  const { channels, owners, foreignRegistries, recipesRepository, isolation, visible, configuration } = asked
  const reachable = [...asked.reachable, ...(registry === undefined ? [] : hostOf(registry))]
  const ownPlace = publishPlace({ context, token, own, inside })
  const place = { context, token, own, inside, ...(registry === undefined ? {} : { registry }) }
  // A process that only is a registry loads no database.
  const { Factory } = await import('./factory/factory.ts')
  return await Factory.open({
    ...common,
    program,
    environment,
    promotion,
    sla,
    channels,
    owners,
    foreignRegistries,
    reachable,
    signer: signerOf(asked),
    isolation: { wanted: isolation, visible, configuration },
    data: resolve(data),
    context,
    registry: publishPlace({ ...place, ...(knownAs === undefined ? {} : { knownAs }) }),
    ...(database === undefined ? {} : { database }),
    ...(recipes === undefined ? {} : { recipes: resolve(recipes) }),
    ...(recipesRepository === undefined ? {} : { recipesRepository }),
    ...(policy === undefined ? {} : { policy }),
    ...(workers === undefined
      ? {}
      : { workers: { ...workers, host: ownPlace.prefix, context: ownPlace.context } }),
  })
}

/** Host and port of a registry, which has images that builds begin with, too. */
function hostOf(registry: string): readonly string[] {
  const url = URL.parse(/^https?:/.test(registry) ? registry : `https://${registry}`)
  return url === null ? [] : [`${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`]
}

/** What workers pushed and was taken from there. */
function clearer(storage: Storage): Workers['clear'] {
  return (repository) => rm(storage.repository(repository).folder, { recursive: true, force: true })
}

/** Past the gate, for what was decided already, and never past rules of tags that stay. */
function insideOf(storage: Storage, { immutable }: Settings['rules']): PlaceOptions['inside'] {
  return {
    setTag: async (name, tag, digest) => {
      const repository = storage.repository(name)
      if (digest === null) {
        demandDeletable(name, [tag], immutable)
        await repository.removeTag(tag)
      } else if (isContentDigest(digest))
        await setTags({ name, repository }, { digest, tags: [tag] }, immutable)
    },
    subjects: (name) => storage.repository(name).subjects(),
    staysPut: (name, tag) => isImmutable(immutable, name, tag),
  }
}

/** A factory looks after a folder of feeds; a registry alone reads it as it is. */
async function feedsOf({ data, feeds, factory }: Settings): Promise<FeedPlace | undefined> {
  if (feeds === undefined) return undefined
  return factory === undefined ? { read: resolve(feeds) } : await feedPlace(resolve(feeds), resolve(data))
}

/** Digests that somebody reported to run: retention keeps them. */
async function runningIn({ world }: Factory): Promise<ReadonlySet<string>> {
  const rows = await world.db.selectFrom('running').select('digest').distinct().execute()
  return new Set(rows.map(({ digest }) => digest))
}

/** As whom the factory publishes. */
const publisher: Principal = {
  name: 'factory',
  isService: true,
  grants: [{ project: '*', role: 'developer' }],
}

/** As whom what other registries get is read. */
const copyist: Principal = {
  name: 'replication',
  isService: true,
  grants: [{ project: '*', role: 'reader' }],
}

/** As whom the gate reads. */
const gatekeeper: Principal = {
  name: 'gate',
  isService: true,
  grants: [{ project: '*', role: 'reader' }],
}

async function gateOf(
  { policy, knownAs }: Settings,
  context: Context | undefined,
  own: Pick<GateOptions, 'registry' | 'token' | 'feeds' | 'feedsAwaited'>,
): Promise<ImageGate | undefined> {
  if (policy === undefined) return undefined
  if (context === undefined)
    throw new TemperError('bad-configuration', 'A policy needs a context to judge images', {
      hint: 'Give the service a context.',
    })
  return await openGate({
    ...own,
    policy,
    context,
    ...(knownAs === undefined ? {} : { knownAs }),
  })
}

/** Behind a proxy that is the proxy's own: what it says is believed only where the settings say that there is one. */
function originOf(behindProxy: boolean): ApiWorld['origin'] {
  return ({ url, header }) => {
    const { protocol, host } = new URL(url)
    const said = behindProxy ? header('X-Forwarded-Proto')?.split(',', 1)[0]?.trim() : undefined
    return `${said === 'https' || said === 'http' ? `${said}:` : protocol}//${host}`
  }
}
