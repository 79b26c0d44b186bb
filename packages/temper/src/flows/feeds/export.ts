import { join, resolve } from 'node:path'
import { currentPointer } from '../../advisory/index/open-index.ts'
import { exportIndex } from '../../advisory/index/store/export-index.ts'
import { indexFolder } from '../../advisory/index/store/names.ts'
import type { Digest } from '../../base/digest.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import type { Context } from '../context.ts'
import { digestOfFile } from './import.ts'
import { storeFolder } from './store.ts'

export interface ExportRequest {
  readonly file: string
  readonly feeds?: string
}

export interface ExportedFeeds {
  /** Absolute path. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Of the file. */
  readonly digest: Digest
  readonly feeds: readonly FeedState[]
}

/**
 * Writes all feeds of a store into one file, for sites without a network; a scan can use that file directly as its
 * store.
 */
export async function exportFeeds(request: ExportRequest, context: Context): Promise<ExportedFeeds> {
  const store = storeFolder(context, request.feeds)
  const { file, feeds } = currentPointer(store)
  const path = resolve(context.workingDir, request.file)
  const { size } = await exportIndex({ from: join(store, indexFolder, file), to: path, feeds })
  return { path, size, digest: await digestOfFile(path), feeds }
}
