import { Worker } from 'node:worker_threads'
import type { StoredBytes } from '../../assemble/layers/layer.ts'
import type { LayerRecord } from '../../assemble/packages/cache.ts'
import type { Elsewhere, ReadHere } from '../../assemble/packages/contents.ts'
import type { Digest } from '../../base/digest.ts'
import { workerAddress } from '../../formats/compress/worker-address.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import type { PackageContent } from '../../model/package/package-content.ts'
import type { ReadingFacts } from './reading.ts'

/** The inputs that a reader is made with. */
export interface ReaderSetup {
  readonly cacheDir: string
  readonly distribution: string
  readonly xzProgram: string | undefined
  readonly spec: Compressor
  /** Folder of compiled code. */
  readonly compiled: string | undefined
  /** Results of the compressor self-test, so that no reader repeats it. */
  readonly verdicts: readonly (readonly [key: string, equal: boolean])[]
}

/** The jobs of a reader. */
export type ReaderWork =
  | { readonly kind: 'read'; readonly locked: LockedPackage; readonly facts: ReadingFacts }
  | ({ readonly kind: 'measure' } & StoredBytes)

/** Messages to a reader. */
export type ReaderJob = (ReaderWork & { readonly id: number }) | { readonly kind: 'stop' }

/** Answers of a reader: a value as JSON, or nothing if something failed. */
export interface ReaderAnswer {
  readonly id: number
  readonly content: string | undefined
}

/**
 * Processors up to which threads have nothing to win: what decodes and compresses in threads and programs of its own keeps two
 * busy, and a thread more costs 20 to 60 MiB and some percent of time for compiling its own code.
 */
const fewProcessors = 2

/** Bytes of packages below which a thread takes more time, for starting and for compiling all that it runs, than it saves. */
const fewBytes = 24 * 2 ** 20

export interface ReadersOptions {
  /** Undefined when other threads could not do the same work, so that everything is done in this thread. */
  readonly setup: ReaderSetup | undefined
  /** Number of processors. */
  readonly processors: number
  readonly signal: AbortSignal
  /** Minimum bytes of packages for which starting threads is worthwhile. */
  readonly leastBytes?: number
  /** Waits until an archive has arrived. */
  readonly arrived: (digest: Digest) => Promise<void>
}

/**
 * Threads that read packages, from the archive to what is kept of it, while the main thread decides what to do next.
 * Their number affects only the time, never the result. If a thread cannot do a job, the caller does it.
 */
export class Readers {
  readonly #options: ReadersOptions
  readonly #threads: Thread[] = []
  #next = 0

  constructor(options: ReadersOptions) {
    this.#options = options
  }

  /** The readers for packages that are not in the cache; undefined when starting threads for them is not worthwhile. */
  open(missing: readonly LockedPackage[], facts: ReadingFacts): Elsewhere | undefined {
    const { setup, processors, arrived, leastBytes = fewBytes } = this.#options
    const bytes = missing.reduce((sum, { size }) => sum + size, 0)
    if (setup === undefined || processors <= fewProcessors || missing.length < 2 || bytes < leastBytes)
      return undefined
    // This thread reads, too.
    while (this.#threads.length < Math.min(processors, missing.length) - 1) this.#start(setup)
    let here = 0
    const readHere = async (locked: LockedPackage, read: ReadHere) => {
      here++
      try {
        return await read(locked)
      } finally {
        here--
      }
    }
    return {
      // One more than there are processors: programs that decode take one, too.
      limit: processors + 1,
      read: async (locked, read) => {
        await arrived(locked.digest)
        const thread = this.#leastBusy()
        if (thread === undefined || here < thread.waiting) return await readHere(locked, read)
        const text = await thread.ask({ kind: 'read', locked, facts, id: this.#next++ })
        return text === undefined ? await readHere(locked, read) : (JSON.parse(text) as PackageContent)
      },
    }
  }

  /** Digests of a layer made of cached segments; undefined when there is no thread, or it could not make them. */
  async measure(layer: StoredBytes): Promise<LayerRecord | undefined> {
    const thread = this.#leastBusy()
    const text = await thread?.ask({ kind: 'measure', ...layer, id: this.#next++ })
    return text === undefined ? undefined : (JSON.parse(text) as LayerRecord)
  }

  #leastBusy(): Thread | undefined {
    const [first, ...rest] = this.#threads
    if (first === undefined) return undefined
    return rest.reduce((least, each) => (each.waiting < least.waiting ? each : least), first)
  }

  #start(setup: ReaderSetup): void {
    const thread = new Thread(setup, () => {
      const at = this.#threads.indexOf(thread)
      if (at !== -1) this.#threads.splice(at, 1)
    })
    this.#threads.push(thread)
    this.#options.signal.addEventListener('abort', () => thread.stop(), { once: true })
  }
}

/** Milliseconds after which a thread that has nothing to do ends: between reading and measuring the image is planned. */
const mostIdle = 3000

/**
 * One thread, and who waits for its answers. It keeps the process alive only while somebody does, and ends some time after:
 * a process that goes on has nothing to close.
 */
class Thread {
  readonly #worker: Worker
  readonly #idle: NodeJS.Timeout
  readonly #waiting = new Map<number, (content: string | undefined) => void>()

  constructor(setup: ReaderSetup, ended: () => void) {
    this.#worker = new Worker(workerAddress('reader-worker', import.meta.url), { workerData: setup })
    this.#worker.unref()
    this.#idle = setTimeout(() => {
      if (this.#waiting.size === 0) void this.#worker.terminate()
    }, mostIdle).unref()
    this.#worker.on('message', ({ id, content }: ReaderAnswer) => this.#settle(id, content))
    // A thread that fails as a whole (no memory) has answered nothing: all of it is done where it was asked for.
    this.#worker.on('error', () => {})
    this.#worker.on('exit', () => {
      clearTimeout(this.#idle)
      ended()
      for (const id of [...this.#waiting.keys()]) this.#settle(id, undefined)
    })
  }

  get waiting(): number {
    return this.#waiting.size
  }

  ask(job: ReaderWork & { readonly id: number }): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#worker.ref()
      this.#waiting.set(job.id, resolve)
      this.#worker.postMessage(job satisfies ReaderJob)
    })
  }

  /** Ends running work as soon as possible, and leaves nothing behind. */
  stop(): void {
    this.#worker.postMessage({ kind: 'stop' } satisfies ReaderJob)
  }

  #settle(id: number, content: string | undefined): void {
    this.#waiting.get(id)?.(content)
    this.#waiting.delete(id)
    if (this.#waiting.size > 0) return
    this.#worker.unref()
    this.#idle.refresh()
  }
}
