import { Worker } from 'node:worker_threads'
import { workerAddress } from '../../formats/compress/worker-address.ts'
import { type ExpressionAnswer, type ExpressionJob, ready } from './job.ts'

export interface ExpressionLimits {
  /** Time limit for all questions together, counted once everything that they need is loaded. */
  readonly milliseconds: number
  readonly megabytes: number
}

/** A machine that is busy takes long to load a library: nobody's expression is to blame. */
const loading = 120_000

/** A question over thousands of findings takes some hundredths of a second. */
const usual: ExpressionLimits = { milliseconds: 10_000, megabytes: 512 }

/**
 * Evaluates expressions in a thread of their own, which is stopped when it takes too long or too much memory, so that
 * whoever writes a policy can neither keep a gate busy nor end it. Never throws: an expression without an answer says
 * why.
 */
export async function askExpressions(
  job: ExpressionJob,
  { milliseconds, megabytes }: ExpressionLimits = usual,
): Promise<readonly ExpressionAnswer[]> {
  if (job.questions.length === 0) return []
  const answers = new Map<string, ExpressionAnswer>()
  const worker = new Worker(workerAddress('expression-worker', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: megabytes, stackSizeMb: 4 },
  })
  const end = Promise.withResolvers<string>()
  let timer = setTimeout(() => end.resolve('the language could not be loaded'), loading)
  worker.on('message', (message: ExpressionAnswer | typeof ready) => {
    if (message !== ready) {
      answers.set(message.id, message)
      return
    }
    clearTimeout(timer)
    timer = setTimeout(() => end.resolve(`it takes longer than ${milliseconds / 1000} s`), milliseconds)
  })
  worker.on('error', (error) => end.resolve(reasonOf(error, megabytes)))
  worker.on('exit', () => end.resolve('it was stopped'))
  const stopped = await end.promise
  clearTimeout(timer)
  await worker.terminate()
  return job.questions.map(({ id }) => answers.get(id) ?? { id, met: [], faults: [{ message: stopped }] })
}

function reasonOf(error: unknown, megabytes: number): string {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  if (isMemory) return `it takes more than ${megabytes} MB of memory`
  return error instanceof Error ? error.message : String(error)
}
