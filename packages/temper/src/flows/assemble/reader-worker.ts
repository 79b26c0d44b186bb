import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { ReaderAnswer, ReaderJob, ReaderSetup } from './readers.ts'

/*
 * A thread of readers.ts. Whatever goes wrong is answered with nothing: who asked does the same once more, and is the one that
 * tells errors.
 */

const setup = workerData as ReaderSetup
// Threads do not take it over from the one that starts them, and have most of its modules to load.
if (setup.compiled !== undefined) enableCompileCache(setup.compiled)
const stop = new AbortController()
const reader = import('./read-job.ts').then(({ openReader }) => openReader(setup, stop.signal))

parentPort?.on('message', (job: ReaderJob) => {
  if (job.kind === 'stop') return stop.abort()
  const tell = (content?: string) => parentPort?.postMessage({ id: job.id, content } satisfies ReaderAnswer)
  reader.then((work) => work(job)).then(tell, () => tell())
})
