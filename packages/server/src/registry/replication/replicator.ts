import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { covers } from '../../auth/principal.ts'
import { type Context, copyImage, parseReference, TemperError } from '../../temper.ts'
import { placeOf } from '../upstream/settings.ts'
import { upstreamContext } from '../upstream/upstream.ts'
import { type QueueItem, ReplicationQueue } from './queue.ts'
import type { ReplicaSettings } from './settings.ts'

/** Milliseconds until the first further try, and the longest between two. */
const [firstDelay, longestDelay] = [1000, 600_000]

export interface ReplicatorOptions {
  readonly settings: ReplicaSettings
  /** Folder of all that the service keeps. */
  readonly data: string
  readonly context: Context
  /** Host and port under which the service's own registry is reached from here, and the token that it accepts. */
  readonly own: { readonly host: () => string; readonly token: string }
  readonly log: Logger
  readonly now: () => Date
}

/** How far behind a replica is. */
export interface ReplicaState {
  readonly to: string
  readonly waiting: number
  /** Since when the oldest entry has been waiting, ISO 8601. */
  readonly since: string | undefined
  /** The last error; undefined once a copy has succeeded again. */
  readonly error: string | undefined
}

/**
 * Copies everything that is pushed here, with its attachments, to another registry, and repeats failed copies until
 * they succeed.
 */
export class Replicator {
  readonly #options: ReplicatorOptions
  readonly #context: Context
  readonly #queue: ReplicationQueue
  readonly #stopped = new AbortController()
  #working: Promise<void> | undefined
  #again = false
  #delay = firstDelay
  #timer: NodeJS.Timeout | undefined
  #error: string | undefined

  private constructor(options: ReplicatorOptions, context: Context) {
    this.#options = options
    const { data, settings } = options
    this.#context = { ...context, signal: this.#stopped.signal }
    const name = createHash('sha256').update(settings.to).digest('hex').slice(0, 16)
    this.#queue = new ReplicationQueue(join(data, 'replication', name))
  }

  /** Throws `bad-configuration` when a password cannot be read. */
  static async open(options: ReplicatorOptions): Promise<Replicator> {
    const { host, token } = options.own
    const context = await upstreamContext(options.context, { ...options.settings, from: options.settings.to })
    return new Replicator(options, {
      ...context,
      credentials: async (asked, repository) =>
        asked === host()
          ? { kind: 'password', username: 'replication', password: token }
          : context.credentials?.(asked, repository),
    })
  }

  /** Notes what was pushed, before the client is told that the push succeeded. */
  async pushed(repository: string, references: readonly string[]): Promise<void> {
    const { settings, now } = this.#options
    if (!settings.projects.some((project) => covers(project, repository))) return
    for (const reference of references) await this.#queue.add(repository, reference, now())
    this.start()
  }

  /** Continues with the waiting copies. */
  start(): void {
    if (this.#stopped.signal.aborted) return
    clearTimeout(this.#timer)
    if (this.#working !== undefined) {
      this.#again = true
      return
    }
    this.#working = this.#work().finally(() => {
      this.#working = undefined
      if (this.#again) {
        this.#again = false
        this.start()
      }
    })
  }

  async state(): Promise<ReplicaState> {
    const items = await this.#queue.all()
    return {
      to: this.#options.settings.to,
      waiting: items.length,
      since: items[0]?.since,
      error: this.#error,
    }
  }

  /** Copies that are not finished are made by the next process. */
  async close(): Promise<void> {
    this.#stopped.abort()
    clearTimeout(this.#timer)
    await this.#working
  }

  async #work(): Promise<void> {
    let failed = false
    for (const item of await this.#queue.all()) {
      if (this.#stopped.signal.aborted) return
      try {
        await this.#copy(item)
        await this.#queue.done(item)
      } catch (error) {
        if (this.#stopped.signal.aborted) return
        failed = true
        this.#error = (error as Error).message
        this.#options.log.warn({ err: error, to: this.#options.settings.to, ...item }, 'replication failed')
      }
    }
    if (!failed) {
      this.#error = undefined
      this.#delay = firstDelay
      return
    }
    this.#timer = setTimeout(() => this.start(), this.#delay)
    this.#delay = Math.min(this.#delay * 2, longestDelay)
  }

  async #copy({ repository, reference }: QueueItem): Promise<void> {
    const { own, settings } = this.#options
    const { host, path } = placeOf(settings.to)
    const name = [path, repository].filter((part) => part !== '').join('/')
    const separator = reference.includes(':') ? '@' : ':'
    const from = parseReference(`${own.host()}/${repository}${separator}${reference}`)
    const to = parseReference(`${host}/${name}${separator}${reference}`)
    const context = {
      ...this.#context,
      insecureRegistries: [...this.#context.insecureRegistries, own.host()],
    }
    try {
      await copyImage({ from, to, evidence: 'require' }, context)
    } catch (error) {
      // Deleted meanwhile, here: there is nothing to copy any more.
      if (error instanceof TemperError && error.code === 'not-found' && error.message.includes(own.host()))
        return
      throw error
    }
  }
}
