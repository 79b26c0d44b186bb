import { parentPort, workerData } from 'node:worker_threads'
import type { Compressor } from '../../model/lock.ts'
import { loadDefinition } from './definition.ts'

/** A thread of compress-pool.ts: chunks in, members out, in order. */
const definition = loadDefinition(workerData as Compressor)
parentPort?.on('message', (chunk: Uint8Array) => {
  definition
    .then((compress) => {
      const member = new Uint8Array(compress(chunk))
      parentPort?.postMessage({ member }, [member.buffer])
    })
    .catch((error: unknown) => parentPort?.postMessage({ error }))
})
