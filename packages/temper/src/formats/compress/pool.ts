import { Worker } from 'node:worker_threads'
import { TemperError } from '../../base/error.ts'
import type { Compressor } from '../../model/lock.ts'
import type { CompressOnce } from './probe.ts'
import { workerAddress } from './worker-address.ts'

interface Job {
  readonly chunk: Uint8Array
  readonly resolve: (member: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs the definition itself on up to `threads` worker threads. Threads start when there is work for them,
 * and idle ones do not keep the process alive.
 */
export function definitionCompress(spec: Compressor, options: { readonly threads: number }): CompressOnce {
  const waiting: Job[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Job>()

  const give = (worker: Worker) => {
    const job = waiting.shift()
    if (!job) {
      worker.unref()
      idle.push(worker)
      return
    }
    worker.ref()
    busy.set(worker, job)
    // A copy of these bytes alone: a view would take all of its buffer along.
    const bytes = new Uint8Array(job.chunk)
    worker.postMessage(bytes, [bytes.buffer])
  }

  const start = () => {
    const worker = new Worker(workerAddress('compress-worker', import.meta.url), { workerData: spec })
    worker.on('message', ({ member, error }: { member?: Uint8Array; error?: unknown }) => {
      const job = busy.get(worker)
      busy.delete(worker)
      if (member) job?.resolve(member)
      else job?.reject(failure(spec, error))
      give(worker)
    })
    worker.on('error', (error) => {
      busy.get(worker)?.reject(failure(spec, error))
      busy.delete(worker)
      const at = idle.indexOf(worker)
      if (at !== -1) idle.splice(at, 1)
      const next = waiting.length > 0 && busy.size === 0
      if (next) give(start())
    })
    return worker
  }

  return (chunk) =>
    new Promise((resolve, reject) => {
      waiting.push({ chunk, resolve, reject })
      const worker = idle.pop() ?? (busy.size < options.threads ? start() : undefined)
      if (worker) give(worker)
    })
}

function failure(spec: Compressor, cause: unknown): TemperError {
  return new TemperError('internal', `Compressing with ${spec.definition} at level ${spec.level} failed`, {
    cause,
  })
}
