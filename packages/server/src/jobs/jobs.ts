import { setTimeout as delay } from 'node:timers/promises'
import { type JobWithMetadata, PgBoss, type WorkOptions } from 'pg-boss'
import type { Logger } from 'pino'
import type { Database } from '../database/open.ts'
import { jobsSchema } from '../database/schema.ts'

/** The kinds of background work, each with its own queue. */
export const jobNames = ['feeds', 'watch', 'calendar', 'foreign', 'tell', 'build'] as const
export type JobName = (typeof jobNames)[number]

/** Where jobs end up that failed more often than they are tried again. */
const deadLetters = 'dead'

/** Seconds without a sign of life after which a job's process is taken for dead, and between looks whether there is one, for the job to be given to another. */
const [heartbeat, looksFor] = [30, 10]
/** Milliseconds within which a job that was told to stop has to return. */
const returnLimit = 15_000

/** A job as the API describes it. */
export interface JobState {
  readonly id: string
  readonly name: JobName
  readonly state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
  readonly created: Date
}

/** What a handler receives. */
export interface RunningJob<T> {
  readonly data: T
  /** Aborted when the service stops, or when the job has taken too long. */
  readonly signal: AbortSignal
  /** Whether the job is tried again if this attempt fails. */
  readonly isLast: boolean
}

/** Jobs in the database: once accepted, a job is done, even if processes end in the meantime. */
export class Jobs {
  readonly #boss: PgBoss
  readonly #workers = new Map<JobName, string>()
  readonly #schedules = new Map<JobName, string>()
  /** Handlers that have not returned yet. */
  readonly #running = new Set<Promise<void>>()

  private constructor(boss: PgBoss) {
    this.#boss = boss
  }

  static async start(database: Database, log: Logger): Promise<Jobs> {
    const boss = new PgBoss({
      ...database.jobs,
      schema: jobsSchema,
      // Nobody else's process is missed on an embedded database.
      ...(database.isEmbedded
        ? {}
        : { superviseIntervalSeconds: looksFor, monitorIntervalSeconds: looksFor }),
      monitorVacuum: false,
      reindex: false,
    })
    boss.on('error', (error) => log.error({ err: error }, 'jobs'))
    boss.on('warning', (warning) => log.warn({ warning }, 'jobs'))
    await boss.start()
    await boss.createQueue(deadLetters)
    const common = { deadLetter: deadLetters, heartbeatSeconds: heartbeat }
    // One that waits is enough: it sees all that has changed when it begins.
    for (const name of ['feeds', 'watch', 'calendar', 'foreign'] as const)
      await boss.createQueue(name, { ...common, policy: 'stately', retryLimit: 1, retryDelay: 5 })
    // Two hours in all: whoever is told may be down for a while.
    await boss.createQueue('tell', { ...common, retryLimit: 12, retryDelay: 2, retryBackoff: true })
    await boss.createQueue('build', {
      ...common,
      retryLimit: 2,
      retryDelay: 10,
      retryBackoff: true,
      expireInSeconds: 4 * 3600,
    })
    const jobs = new Jobs(boss)
    // Nobody else works on an embedded database: whoever held these jobs is gone.
    if (database.isEmbedded) await jobs.#takeBack()
    return jobs
  }

  /** Queues a job. If one of its kind already waits, it stands for the new one, except for builds. */
  async add(
    name: JobName,
    data: object = {},
    options: { readonly id?: string; readonly priority?: number; readonly group?: string } = {},
  ): Promise<string> {
    const { group, ...send } = options
    const sent = await this.#boss.send(name, data, {
      ...send,
      ...(group === undefined ? {} : { group: { id: group } }),
    })
    const worker = this.#workers.get(name)
    if (worker !== undefined) this.#boss.notifyWorker(worker)
    if (sent !== null) return sent
    // It is there already.
    if (options.id !== undefined) return options.id
    const [waiting] = await this.#boss.findJobs(name, { queued: true })
    if (waiting !== undefined) return waiting.id
    // It began meanwhile.
    return await this.add(name, data, options)
  }

  async work<T extends object>(
    name: JobName,
    handle: (job: RunningJob<T>) => Promise<void>,
    { atOnce = 1 }: { readonly atOnce?: number } = {},
  ): Promise<void> {
    const options = {
      includeMetadata: true,
      batchSize: 1,
      pollingIntervalSeconds: 1,
      // Several may be missed, on a busy machine or while the database is away, before anybody is taken for dead.
      heartbeatRefreshSeconds: 5,
      localConcurrency: atOnce,
      // Of one image one build at a time, wherever it runs.
      ...(name === 'build' ? { groupConcurrency: 1 } : {}),
    } as const satisfies WorkOptions
    const id = await this.#boss.work<T, void, typeof options>(name, options, async ([job]) => {
      if (job === undefined) return
      const { data, signal, retryCount, retryLimit } = job
      const running = handle({ data, signal, isLast: retryCount >= retryLimit })
      this.#running.add(running)
      try {
        await running
      } finally {
        this.#running.delete(running)
      }
    })
    this.#workers.set(name, id)
  }

  /** Takes no more jobs of a kind; those that run go on. */
  async leave(name: JobName): Promise<void> {
    this.#workers.delete(name)
    await this.#boss.offWork(name, { wait: false })
  }

  /** Repeats a job by a cron expression, in UTC. */
  async schedule(name: JobName, cron: string): Promise<void> {
    await this.#boss.schedule(name, cron)
    this.#schedules.set(name, cron)
  }

  /** When a job that is repeated is due next after a moment; undefined for others. */
  dueAfter(name: string, moment: Date): Date | undefined {
    const cron = this.#schedules.get(name as JobName)
    return cron === undefined ? undefined : this.#boss.previewSchedule(cron, { from: moment, count: 1 })[0]
  }

  async find(id: string): Promise<JobState | undefined> {
    for (const name of jobNames) {
      const [job] = await this.#boss.findJobs(name, { id })
      if (job !== undefined) return stateOf(name, job)
    }
    return undefined
  }

  /** What has become of a job with this id or of others with these data: one is waiting or running, the last one failed for good, or there is none to be done. */
  async fate(
    name: JobName,
    { id, data }: { readonly id: string; readonly data: object },
  ): Promise<'alive' | 'failed' | 'gone'> {
    const isAlive = ({ state }: { readonly state: JobState['state'] }) =>
      state === 'created' || state === 'retry' || state === 'active'
    if ((await this.#boss.findJobs(name, { id })).some(isAlive)) return 'alive'
    const all = await this.#boss.findJobs(name, { data })
    if (all.some(isAlive)) return 'alive'
    return all.at(-1)?.state === 'failed' ? 'failed' : 'gone'
  }

  async cancel(name: JobName, id: string): Promise<void> {
    await this.#boss.cancel(name, id)
  }

  /** Jobs that failed for good, the newest last. */
  async dead(): Promise<
    readonly { readonly id: string; readonly from: string | null; readonly data: unknown }[]
  > {
    const letters = await this.#boss.findJobs(deadLetters)
    return letters.map(({ id, sourceName, data }) => ({ id, from: sourceName, data }))
  }

  /**
   * Lets running jobs finish within `timeout` milliseconds; the next process begins the others again. Those are told to
   * stop, and waited for: they work with the database and with folders until they return.
   */
  async stop(timeout: number): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout, close: true })
    await Promise.race([Promise.allSettled(this.#running), delay(returnLimit, undefined, { ref: false })])
  }

  async #takeBack(): Promise<void> {
    for (const name of jobNames)
      for (const job of await this.#boss.findJobs(name))
        if (job.state === 'active') await this.#boss.fail(name, job.id, { message: 'its process ended' })
  }
}

function stateOf(
  name: JobName,
  { id, state, createdOn }: Pick<JobWithMetadata, 'id' | 'state' | 'createdOn'>,
): JobState {
  return { id, name, state, created: createdOn }
}
