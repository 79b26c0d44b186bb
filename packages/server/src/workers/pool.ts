import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Principal } from '../auth/principal.ts'
import { hashOf } from '../auth/token.ts'
import { type Bundle, stagingFor, type TaskCommand, type WorkTask } from './task.ts'

/** Milliseconds without a sign of life after which a worker is taken for dead, and its task given to another. */
const silence = 60_000
/** Milliseconds after which a worker that no longer asks for tasks is taken to have gone: it asks again at once otherwise. */
const absence = 5000
/** Times that a task is given to somebody. */
const tries = 3

/** What a worker is to do for a build. */
export interface WorkOrder {
  readonly command: TaskCommand
  readonly bundle: Bundle
  readonly lock: string | null
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

/** The worker's account of the result: none of it is believed. */
export interface WorkResult {
  /** Exit code of the command, and what it printed. */
  readonly code: number
  readonly text: string
  readonly lock: string | null
}

interface Held {
  readonly task: WorkTask
  readonly order: WorkOrder
  readonly tokenHash: string
  readonly settled: PromiseWithResolvers<Given>
  worker: string | undefined
  heard: number
}

interface Given extends WorkResult {
  readonly task: string
}

/** A worker as the API describes it. */
export interface KnownWorker {
  readonly name: string
  readonly seen: Date
  /** The task that it has now. */
  readonly task: string | null
}

/**
 * Tasks of this process that wait for a worker or are being done by one. If the process ends, the next one begins
 * their builds again.
 */
export class WorkerPool {
  readonly #now: () => Date
  readonly #held = new Map<string, Held>()
  readonly #seen = new Map<string, Date>()
  readonly #waiting: string[] = []
  #claims: (() => void)[] = []
  #closed = false
  /** Workers that wait for a task now. */
  #asking = 0

  constructor(now: () => Date) {
    this.#now = now
  }

  /**
   * Has a task done by a free worker. `use` gets the result while the place that the image was pushed to still
   * exists.
   */
  async run(order: WorkOrder): Promise<Given> {
    for (let attempt = 1; ; attempt++) {
      const held = this.#hold(order)
      try {
        return await this.#settle(held)
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt >= tries || order.signal.aborted) throw error
        order.onLine(`${error.message}: the task is given to another worker`)
      } finally {
        this.#held.delete(held.task.id)
      }
    }
  }

  #hold(order: WorkOrder): Held {
    const id = randomUUID()
    const token = `temper_${randomBytes(32).toString('base64url')}`
    const { command, bundle, lock } = order
    const task = { id, command, bundle, lock, push: { repository: stagingFor(id), token } }
    const held: Held = {
      task,
      order,
      tokenHash: hashOf(token),
      settled: Promise.withResolvers<Given>(),
      worker: undefined,
      heard: 0,
    }
    this.#held.set(id, held)
    this.#waiting.push(id)
    for (const wake of this.#claims.splice(0)) wake()
    return held
  }

  async #settle(held: Held): Promise<Given> {
    const { order, settled } = held
    const stop = () => settled.reject(order.signal.reason)
    order.signal.addEventListener('abort', stop, { once: true })
    const begun = this.#now().getTime()
    const timer = setInterval(() => {
      const now = this.#now().getTime()
      if (held.worker !== undefined && now - held.heard > silence)
        settled.reject(new WorkerLost(`worker ${held.worker} is silent`))
      if (held.worker === undefined && !this.isAttended && now - begun > silence)
        settled.reject(new NobodyWorks('No worker is here'))
    }, 1000)
    if (order.signal.aborted) stop()
    try {
      return await settled.promise
    } finally {
      clearInterval(timer)
      order.signal.removeEventListener('abort', stop)
    }
  }

  /**
   * The next task; waits for one up to `timeout` milliseconds. No task is given to a worker that has left meanwhile,
   * since that would be noticed only after a long silence.
   */
  async claim(
    worker: string,
    { timeout, left }: { readonly timeout: number; readonly left: AbortSignal },
  ): Promise<WorkTask | undefined> {
    const end = Date.now() + timeout
    this.#asking++
    try {
      return await this.#next(worker, { end, left })
    } finally {
      this.#asking--
    }
  }

  async #next(
    worker: string,
    { end, left }: { readonly end: number; readonly left: AbortSignal },
  ): Promise<WorkTask | undefined> {
    for (;;) {
      if (left.aborted) return undefined
      this.#seen.set(worker, this.#now())
      for (let id = this.#waiting.shift(); id !== undefined; id = this.#waiting.shift()) {
        const held = this.#held.get(id)
        if (held === undefined) continue
        held.worker = worker
        held.heard = this.#now().getTime()
        return held.task
      }
      const rest = end - Date.now()
      if (rest <= 0 || this.#closed) return undefined
      await this.#somethingNew(rest, left)
    }
  }

  /** Waits until there may be a task, at most for a number of milliseconds, and no longer than the worker does. */
  async #somethingNew(atMost: number, left: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, atMost)
    left.addEventListener('abort', () => resolve(), { once: true })
    this.#claims.push(resolve)
    await promise
    clearTimeout(timer)
  }

  /** Takes lines of a task's progress; returns whether the task is still wanted. */
  heard(id: string, worker: string, lines: readonly string[]): boolean {
    const held = this.#of(id, worker)
    this.#seen.set(worker, this.#now())
    if (held === undefined) return false
    held.heard = this.#now().getTime()
    for (const line of lines) held.order.onLine(line)
    return true
  }

  /** Takes the result of a task; returns whether anybody waited for it. */
  finish(id: string, worker: string, result: WorkResult): boolean {
    const held = this.#of(id, worker)
    held?.settled.resolve({ ...result, task: id })
    return held !== undefined
  }

  /** Lets the worker of a task push to its own place, as long as the task is wanted. */
  principalOf(token: string): Principal | undefined {
    if (this.#held.size === 0) return undefined
    const hash = Buffer.from(hashOf(token))
    for (const { task, tokenHash } of this.#held.values())
      if (timingSafeEqual(hash, Buffer.from(tokenHash)))
        return {
          name: `task ${task.id}`,
          grants: [{ project: task.push.repository, role: 'developer' }],
        }
    return undefined
  }

  /** Whether workers are there: one waits for a task, does one, or did something a moment ago. */
  get isAttended(): boolean {
    const now = this.#now().getTime()
    const isBusy = [...this.#held.values()].some(
      ({ worker, heard }) => worker !== undefined && now - heard <= silence,
    )
    return isBusy || this.#asking > 0 || [...this.#seen.values()].some((at) => now - at.getTime() <= absence)
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#closed = true
    for (const wake of this.#claims.splice(0)) wake()
  }

  workers(): readonly KnownWorker[] {
    const busy = new Map([...this.#held.values()].map(({ worker, task }) => [worker, task.id]))
    return [...this.#seen].map(([name, seen]) => ({ name, seen, task: busy.get(name) ?? null }))
  }

  #of(id: string, worker: string): Held | undefined {
    const held = this.#held.get(id)
    return held?.worker === worker ? held : undefined
  }
}

class WorkerLost extends Error {}

/** The last worker has gone: another server may have one. */
export class NobodyWorks extends Error {}
