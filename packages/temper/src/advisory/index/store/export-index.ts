import { createReadStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileError, makeFolder, temporaryPath } from '../../../base/file.ts'
import type { FeedState } from '../../../model/advisory/advisory.ts'
import { finishIndex, type WrittenIndex } from '../index-writer.ts'
import { FileSink } from '../storage/file-sink.ts'
import { headerSize } from '../storage/index-file.ts'
import { openIndexFile } from '../storage/open-file.ts'

/** Copies an index with what is now known about its feeds; the file appears when it is complete. */
export async function exportIndex(request: {
  readonly from: string
  readonly to: string
  readonly feeds: readonly FeedState[]
}): Promise<WrittenIndex> {
  const { from, to, feeds } = request
  const file = openIndexFile(from)
  const temporary = temporaryPath(to)
  try {
    await makeFolder(dirname(to))
    const sink = await FileSink.create(temporary)
    let written: WrittenIndex
    try {
      sink.add(Buffer.alloc(headerSize))
      const end = file.size - file.metaSize
      const range = { start: headerSize, end: end - 1, highWaterMark: 1024 * 1024 }
      if (end > headerSize) {
        for await (const chunk of createReadStream(from, range)) {
          sink.add(chunk as Buffer)
          await sink.drain()
        }
      }
      written = await finishIndex(sink, { ...file.meta, feeds })
    } finally {
      await sink.close()
    }
    await rename(temporary, to)
    return written
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileError('write', to, error)
  } finally {
    file.close()
  }
}
