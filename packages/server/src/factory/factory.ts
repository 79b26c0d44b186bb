import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { dropCaches } from '../builds/cache.ts'
import { handleBuild } from '../builds/handle.ts'
import { type Isolation, type IsolationRequest, openIsolation } from '../builds/isolation/isolation.ts'
import { endLost } from '../builds/lost.ts'
import type { Sla } from '../clocks/due.ts'
import { unknownMigration } from '../database/migrate.ts'
import { claimDatabase, type Database } from '../database/open.ts'
import type { Schema } from '../database/schema.ts'
import { lookAtAll } from '../foreign/watched.ts'
import type { Owner } from '../images/owners.ts'
import { promoteDue } from '../images/promote.ts'
import { Jobs, type RunningJob } from '../jobs/jobs.ts'
import { adoptSent } from '../recipes/at-hand.ts'
import { readRecipeFolder } from '../recipes/folder.ts'
import { RecipeCheckout, type RecipeRepository } from '../recipes/repository.ts'
import { watchRepository } from '../recipes/watch-repository.ts'
import { clearRemains, Scratch } from '../scratch.ts'
import { allOrNone, type Startup } from '../startup.ts'
import type { Channel } from '../telling/channel.ts'
import { tellLate } from '../telling/late.ts'
import { deliver, takeUpDeliveries } from '../telling/tell.ts'
import { type Context, openPolicy, type Policy, silentProgress } from '../temper.ts'
import { rebuildOld } from '../watch/calendar.ts'
import { copyFeeds, refreshFeeds } from '../watch/feeds.ts'
import { watchFolder } from '../watch/folder.ts'
import type { FeedPlace } from '../watch/kept-feeds.ts'
import { expected, isDue, noted } from '../watch/looks.ts'
import { watchImages } from '../watch/watch.ts'
import { agreedKey, agreeOnKey, demandKey } from './key-agreement.ts'
import { type Reindexed, reindexAll } from './reindex.ts'
import { type OwnSigning, type SignerSettings, signingKey } from './signing.ts'
import type { FactoryWorld, Promotion, PublishPlace, Workers } from './world.ts'

/** Milliseconds that builds have to end when the service is stopped; what has not ended is begun again by the next one. */
const stopLimit = 5000

/** Milliseconds between looks whether workers are there. */
const attendedEvery = 500
/** Milliseconds between looks whether a newer server has upgraded the database. */
const versionEvery = 2000

/** How the factory works. */
export interface RunOptions {
  /** Seconds between checks of archives for newer packages. */
  readonly archivesEvery: number
  /** Builds that run at once. */
  readonly builds: number
  /** When old images are rebuilt, as a cron expression in UTC. */
  readonly calendar: string
}

export interface FactoryOptions {
  readonly data: string
  readonly database?: string
  readonly recipes?: string
  readonly recipesRepository?: RecipeRepository
  readonly feeds?: FeedPlace
  readonly policy?: string
  readonly signer: SignerSettings
  readonly promotion: Promotion
  readonly sla: Sla
  readonly channels: readonly Channel[]
  readonly owners: readonly Owner[]
  readonly foreignRegistries: readonly string[]
  readonly workers?: Workers
  readonly reachable: readonly string[]
  readonly isolation: Pick<IsolationRequest, 'wanted' | 'visible' | 'configuration'>
  readonly program: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly context: Context
  readonly registry: PublishPlace
  readonly log: Logger
  readonly now: () => Date
  readonly startup: Startup
}

interface Opened {
  readonly database: Database
  readonly checkout: RecipeCheckout | undefined
  /** What looks for newer recipes of the repository, once it is watched. */
  readonly repository: { look: () => Promise<void> }
}

/** A running factory. */
export class Factory {
  readonly world: FactoryWorld
  readonly #database: Database
  readonly #checkout: RecipeCheckout | undefined
  readonly #ends: (() => void | Promise<void>)[] = []

  #stopping: Promise<void> | undefined
  readonly #repository: { look: () => Promise<void> }

  private constructor(world: FactoryWorld, { database, checkout, repository }: Opened) {
    this.world = world
    this.#database = database
    this.#checkout = checkout
    this.#repository = repository
  }

  /** Opens the database and resumes unfinished work. Nothing is built before `run`. */
  static async open(options: FactoryOptions): Promise<Factory> {
    const { data, database: url, recipesRepository, feeds, workers, registry, log, now, startup } = options
    const { promotion, sla, channels, owners, foreignRegistries, program, environment, reachable } = options
    await mkdir(data, { recursive: true, mode: 0o700 })
    const context: Context = { ...options.context, progress: silentProgress }
    // Whoever has the database has the data folder with it: nobody else rotates its keys.
    const own = join(data, 'database')
    const open = await claimDatabase(url === undefined ? { folder: own } : { url, own })
    await clearRemains(data)
    const scratch = await Scratch.open()
    const opening = {
      database: startup.waitFor('the database', open()),
      checkout: startup.waitFor(
        'the repository of recipes',
        checkoutOf(recipesRepository, { data, environment, scratch }),
      ),
      isolation: startup.waitFor('the trial of a sandbox', isolationOf(options, context)),
      // Where others share the database it says first whether there is a key already.
      signing:
        url === undefined
          ? signingKey(data, { mayMake: true, ...options.signer }, context)
          : Promise.resolve(undefined),
      policy: policyOf(options.policy, context),
    }
    const parts = await allOrNone(opening, async ({ database }) => {
      await scratch.close()
      await database?.close()
    })
    const { database, checkout, isolation, policy } = parts
    try {
      const { db } = database
      const signing =
        url === undefined ? demandKey(parts.signing, undefined) : await sharedKey(options, db, context)
      const recipes = checkout?.folder ?? options.recipes
      const jobs = await startup.waitFor('the queue of jobs', Jobs.start(database, log))
      const repository = { look: async (): Promise<void> => undefined }
      const world: FactoryWorld = {
        db,
        jobs,
        context,
        registry,
        data,
        scratch,
        signing,
        isolation,
        reachable,
        aside: {},
        promotion,
        sla,
        channels,
        owners,
        foreignRegistries,
        program,
        environment,
        log,
        now,
        ...(recipes === undefined ? {} : { recipes }),
        ...(checkout === undefined ? {} : { takeRecipes: () => repository.look() }),
        ...(feeds === undefined ? {} : { feeds: feeds.read }),
        ...(feeds?.folder === undefined ? {} : { feedFolder: feeds.folder }),
        ...(policy === undefined ? {} : { policy }),
        ...(workers === undefined ? {} : { workers }),
      }
      return new Factory(world, { database, checkout, repository })
    } catch (error) {
      await scratch.close()
      await database.close()
      throw error
    }
  }

  /** Whether the database holds what the registry has. */
  get isFilled(): boolean {
    return this.#database.isFilled
  }

  /** Rebuilds the database; `known` are repositories of the registry, where it can list them. */
  reindex(known: readonly string[]): Promise<Reindexed> {
    return reindexAll(this.world, known)
  }

  /** Lets another server start on the same database: this one has made of it what it needs. */
  started(): Promise<void> {
    return this.#database.started()
  }

  /** Starts to work: the registry answers now. */
  async run({ archivesEvery, builds, calendar }: RunOptions): Promise<void> {
    const { world } = this
    const { jobs, recipes, feeds, feedFolder = feeds } = world
    await dropCaches(world)
    await adoptSent(world)
    await this.#takeUp()
    // One that never begins has stopped too.
    for (const name of ['watch', 'calendar'] as const) await expected(world, name)
    await jobs.work('feeds', () => noted(world, 'feeds', () => refreshFeeds(world)))
    await jobs.work('watch', ({ signal }) =>
      noted(world, 'watch', async () => {
        await endLost(world)
        await promoteDue(world)
        await watchImages(world, signal)
        // Time alone makes things late, whether or not a feed says something new.
        await tellLate(world)
      }),
    )
    await jobs.work('tell', (job: RunningJob<{ readonly delivery: string }>) => deliver(world, job), {
      atOnce: 4,
    })
    await jobs.work('foreign', ({ signal }) => lookAtAll(world, signal))
    await jobs.schedule('foreign', '23 * * * *')
    await jobs.work('calendar', () => noted(world, 'calendar', () => rebuildOld(world)))
    await jobs.schedule('calendar', calendar)
    await this.#takeBuilds(builds)
    if (this.#checkout !== undefined) {
      const watching = watchRepository(world, this.#checkout)
      this.#repository.look = watching.look
      this.#ends.push(() => watching.end())
    } else if (recipes !== undefined) this.#watch(recipes, () => readRecipeFolder(world, recipes))
    if (feedFolder !== undefined)
      this.#watch(feedFolder, async () => {
        // Each server compares with a copy of its own, whichever of them does the job.
        await copyFeeds(world)
        await jobs.add('feeds')
      })
    if (!this.#database.isEmbedded) this.#every(versionEvery, () => this.#stepAside())
    // Another server may have looked meanwhile.
    this.#every(archivesEvery * 1000, async () => {
      if (await isDue(world, 'watch', archivesEvery * 1000)) await jobs.add('watch')
    })
  }

  async close(): Promise<void> {
    await this.#stopWork()
    await this.world.scratch.close()
    await this.#database.close()
  }

  #stopWork(): Promise<void> {
    this.#stopping ??= (async () => {
      for (const end of this.#ends) await end()
      await this.world.jobs.stop(stopLimit)
    })()
    return this.#stopping
  }

  /** Gives back what this server does once a newer one has upgraded the database. */
  async #stepAside(): Promise<void> {
    const { db, aside, log } = this.world
    const name = await unknownMigration(db)
    if (name === undefined || aside.why !== undefined) return
    aside.why = `a newer server has upgraded the database (${name}), which this one does not know: start the newer version in its place`
    log.error({ migration: name }, 'a newer server has upgraded the database: this one stops working')
    void this.#stopWork().catch((error: unknown) => log.error({ err: error }, 'jobs'))
  }

  /** Builds here, or as long as workers are with this server: those of another server build what is ordered, too. */
  async #takeBuilds(atOnce: number): Promise<void> {
    const { world } = this
    const { jobs, workers } = world
    const take = () =>
      jobs.work('build', (job: RunningJob<{ readonly build: string }>) => handleBuild(world, job), { atOnce })
    if (workers === undefined) return await take()
    let takes = false
    this.#every(attendedEvery, async () => {
      const { isAttended } = workers.pool
      if (isAttended === takes) return
      takes = isAttended
      await (takes ? take() : jobs.leave('build'))
    })
  }

  /** Does something again and again, and not while it is being done. */
  #every(milliseconds: number, work: () => Promise<void>): void {
    let working: Promise<void> | undefined
    const again = () => {
      working ??= work()
        .catch((error: unknown) => this.world.log.error({ err: error }, 'jobs'))
        .finally(() => {
          working = undefined
        })
    }
    const timer = setInterval(again, milliseconds)
    this.#ends.push(async () => {
      clearInterval(timer)
      await working
    })
  }

  #watch(folder: string, changed: () => Promise<void>): void {
    const watching = watchFolder(folder, changed, this.world.log)
    this.#ends.push(() => watching.end())
  }

  /** Every ordered build has a job, and every recorded event is sent, even if the process ended in between. */
  async #takeUp(): Promise<void> {
    await takeUpDeliveries(this.world)
    const { db, jobs } = this.world
    const open = await db
      .selectFrom('builds')
      .select(['id', 'image'])
      .where('state', 'in', ['waiting', 'running'])
      .execute()
    for (const { id, image } of open) await jobs.add('build', { build: id }, { id, group: image })
  }
}

/** The key, or the identity, that all servers of a database sign with. */
async function sharedKey(options: FactoryOptions, db: Kysely<Schema>, context: Context): Promise<OwnSigning> {
  const agreed = await agreedKey(db)
  const choice = { mayMake: agreed === undefined, ...options.signer }
  const signing = demandKey(await signingKey(options.data, choice, context), agreed)
  await agreeOnKey({ db, signing, now: options.now })
  return signing
}

async function checkoutOf(
  repository: RecipeRepository | undefined,
  place: ConstructorParameters<typeof RecipeCheckout>[1],
): Promise<RecipeCheckout | undefined> {
  if (repository === undefined) return undefined
  const checkout = new RecipeCheckout(repository, place)
  await checkout.prepare()
  return checkout
}

async function isolationOf(
  { workers, isolation, data, program, environment, log }: FactoryOptions,
  context: Context,
): Promise<Isolation> {
  if (workers !== undefined) return { level: 'process', why: 'workers build' }
  const place = { data, work: join(data, 'work'), program, environment, context }
  const opened = await openIsolation({ ...isolation, ...place })
  if (opened.level === 'process') log.warn({ why: opened.why }, 'builds are not kept apart from the service')
  return opened
}

async function policyOf(name: string | undefined, context: Context): Promise<Policy | undefined> {
  return name === undefined ? undefined : await openPolicy(name, context)
}
