import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Answer, Failure, Question, Result } from './messages.ts'

/** A turn: its holder has the session alone until giving it back. */
export interface Turn {
  ask(text: string, values?: readonly unknown[]): Promise<readonly Result[]>
  done(): void
}

/**
 * V8 takes half a gigabyte for a moment to optimise one of PostgreSQL's functions, and statements as small as those of a service take no
 * less time for it. Each flag implies the next only where it is given before V8 starts.
 */
const firstCompilerAlone = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

/**
 * The single session of an embedded PostgreSQL. It is used in turns: a transaction is one turn, so that no other
 * statement ever gets into it.
 */
export class EmbeddedSession {
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<readonly Result[]>>()
  #last: Promise<void> = Promise.resolve()
  #asked = 0
  #failure: Error | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: Answer) => this.#answered(answer))
    worker.on('error', (error) => this.#fail(error as Error))
    worker.on('exit', () => this.#fail(new Error('the embedded database has ended')))
  }

  /** `fresh`: the folder is created. */
  static async open(folder: string, { fresh }: { readonly fresh: boolean }): Promise<EmbeddedSession> {
    for (const flag of firstCompilerAlone) setFlagsFromString(flag)
    const worker = new Worker(workerAddress(), { workerData: { folder, fresh }, execArgv: [] })
    await once(worker, 'message')
    return new EmbeddedSession(worker)
  }

  async turn(): Promise<Turn> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return { ask: (text, values) => this.#ask(text, values), done: resolve }
  }

  async close(): Promise<void> {
    const turn = await this.turn()
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('close')
    await ended
    turn.done()
  }

  #ask(text: string, values?: readonly unknown[]): Promise<readonly Result[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const id = this.#asked++
    const answer = Promise.withResolvers<readonly Result[]>()
    this.#waiting.set(id, answer)
    const question: Question = { id, text, ...(values === undefined ? {} : { values }) }
    this.#worker.postMessage(question)
    return answer.promise
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('results' in answer) waiting?.resolve(answer.results)
    else waiting?.reject(failureOf(answer.error))
  }

  #fail(error: Error): void {
    this.#failure = error
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}

function failureOf({ message, ...facts }: Failure): Error {
  return Object.assign(new Error(message), facts)
}

/** Beside this module in the sources; beside the bundle where it is built. */
function workerAddress(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? './pglite-worker.ts' : './pglite-worker.js', import.meta.url)
}
