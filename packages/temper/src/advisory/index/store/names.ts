import type { FeedState } from '../../../model/advisory/advisory.ts'
import { badIndexFile } from '../storage/index-error.ts'
import { parseSealed, sealedJson } from './sealed-json.ts'

/** The file of a store that names its present index. */
export const currentName = 'current.json'

/** Folder of a store's indices, the present one and those of earlier days, which never change. */
export const indexFolder = 'index'

/** Folder of a store's feeds: what is known about each, and its own index file. */
export const sourcesFolder = 'sources'

/** What `current.json` says. */
export interface Pointer {
  readonly file: string
  /** SHA-256 in hex of what it was made from: ids and contents of feeds. */
  readonly state: string
  /** The feeds in it, in its order, with when each was last looked at. */
  readonly feeds: readonly FeedState[]
}

const indexName = /^(\d{4}-\d{2}-\d{2})T\d{6}Z-[0-9a-f]{16}\.index$/

/** The name of an index: when it was built, and of what; so names sort by time. */
export function snapshotName(built: Date, state: string): string {
  const time = built.toISOString().slice(0, 19).replace(/:/g, '')
  return `${time}Z-${state.slice(0, 16)}.index`
}

/** The day of a name; undefined for other files. */
export function snapshotDay(name: string): string | undefined {
  return indexName.exec(name)?.[1]
}

/** Throws `bad-index` for what is damaged or names no index. */
export function parsePointer(bytes: Uint8Array, path: string): Pointer {
  const pointer = parseSealed<Partial<Pointer>>(currentName, bytes, path)
  const { file, state, feeds } = pointer
  const sound =
    typeof file === 'string' &&
    snapshotDay(file) !== undefined &&
    typeof state === 'string' &&
    Array.isArray(feeds) &&
    feeds.every((feed) => typeof feed?.id === 'string')
  if (!sound) throw badIndexFile(path, 'it names no index')
  return { file, state, feeds }
}

export function formatPointer(pointer: Pointer): string {
  return sealedJson(currentName, pointer)
}
