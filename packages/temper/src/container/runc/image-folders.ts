import { LayeredTree } from '../../formats/layer/tree.ts'
import { parseWhiteout, type Whiteout } from '../../formats/layer/whiteout.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { Image, Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package-content.ts'
import type { Ownership } from '../confined-folder.ts'
import { openLayer } from '../layer.ts'

type Entry = Ownership & Pick<FileEntry, 'path' | 'type' | 'target'>

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
  const tree = new LayeredTree<Ownership>()
  for (const layer of image.layers) {
    const { whiteouts, entries } = await readLayer(layer, options.signal)
    for (const whiteout of whiteouts) tree.hide(whiteout)
    for (const { mode, uid, gid, ...entry } of entries) tree.place(entry, { mode, uid, gid })
  }
  return {
    find: (path) => {
      const found = tree.find(path)
      return found?.type === 'directory' ? (found.value ?? unnamed) : undefined
    },
  }
}

/** Whiteouts first, since they hide only what lower layers brought. */
async function readLayer(layer: Layer, signal: AbortSignal | undefined) {
  const whiteouts: Whiteout[] = []
  const entries: Entry[] = []
  for await (const { entry } of readTar(openLayer(layer), { what: `layer ${layer.descriptor.digest}` })) {
    signal?.throwIfAborted()
    const whiteout = parseWhiteout(entry.path)
    if (whiteout !== undefined) whiteouts.push(whiteout)
    else {
      const { path, type, mode, uid, gid, target } = entry
      entries.push({ path, type, mode, uid, gid, ...(target === undefined ? {} : { target }) })
    }
  }
  return { whiteouts, entries }
}
