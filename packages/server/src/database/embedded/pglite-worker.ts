import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { unpackFolder } from './folder-image.ts'
import type { Answer, Question } from './messages.ts'

/* A PostgreSQL of its own in a thread of its own: it blocks while it works, and requests go on meanwhile. */

const { folder, fresh } = workerData as { readonly folder: string; readonly fresh: boolean }
const image = fresh ? await ownImage() : undefined
if (image !== undefined) await unpackFolder(image, folder)
const database = await PGlite.create(folder, {
  // As node-postgres is told to read them.
  parsers: { [types.INT8]: Number },
  ...(fresh && image === undefined ? { loadDataDir: await emptyFolder() } : {}),
})

/** A folder with all tables, which lies beside the program where that is built; sources have none. */
async function ownImage(): Promise<Buffer | undefined> {
  try {
    return await readFile(new URL('./database.zst', import.meta.url))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A folder as its own initdb would make it, in a fifth of the time. */
async function emptyFolder(): Promise<Blob> {
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs')
  return await dataDir()
}

async function answer({ id, text, values }: Question): Promise<Answer> {
  try {
    // Only without values may there be several statements.
    const results =
      values === undefined ? await database.exec(text) : [await database.query(text, [...values])]
    return { id, results: results.map(({ rows, affectedRows }) => ({ rows, affectedRows })) }
  } catch (error) {
    const { message, code, detail, constraint } = error as Error &
      Record<'code' | 'detail' | 'constraint', unknown>
    return { id, error: { message, code, detail, constraint } }
  }
}

parentPort?.on('message', (question: Question | 'close') => {
  if (question === 'close') void database.close().then(() => parentPort?.close())
  else void answer(question).then((answered) => parentPort?.postMessage(answered))
})
parentPort?.postMessage('ready')
