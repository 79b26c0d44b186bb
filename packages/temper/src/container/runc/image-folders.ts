import { layLayers } from '../../formats/layer/lay.ts'
import type { Image } from '../../model/image.ts'
import type { Ownership } from '../confined-folder.ts'

/** A folder that no entry names, as unpacking makes it. */
const unnamed: Ownership = { mode: 0o755, uid: 0, gid: 0 }

/** The folders of an image, without its files. */
export interface FolderIndex {
  /** The folder that a path leads to, links followed; undefined when there is none. */
  find(path: string): Ownership | undefined
}

/** Reads the headers of all layers, for the permissions and owners of folders. Errors as `unpackImage`. */
export async function imageFolders(
  image: Image,
  options: { readonly signal?: AbortSignal } = {},
): Promise<FolderIndex> {
  const tree = await layLayers<Ownership>(image.layers, {
    remember: ({ entry: { mode, uid, gid } }) => ({ mode, uid, gid }),
    ...options,
  })
  return {
    find: (path) => {
      const place = tree.find(path)
      return place?.type === 'directory' ? (place.value ?? unnamed) : undefined
    },
  }
}
