import { TemperError } from '../base/error.ts'
import type { InspectedFile } from '../formats/file/inspect.ts'
import type { TreeNode } from '../model/tree/file-tree.ts'

/** How a tree that somebody else built is read. */
export interface TreeReading {
  /** Whether rules or the proof need the content of the file at this path. Contents of more than 4 MiB are not kept. */
  readonly keep: (path: string) => boolean
  /** Stops between two files. */
  readonly signal?: AbortSignal
}

/** Most bytes of all contents that are kept. */
const keptLimit = 256 * 2 ** 20

/** Makes nodes from what was read, and counts the contents that stay in memory. */
export class NodeMaker {
  readonly #limit: number
  #kept = 0

  constructor(options: { readonly limit?: number } = {}) {
    this.#limit = options.limit ?? keptLimit
  }

  /** Errors: `limit-exceeded`. */
  node({ entry, captured }: InspectedFile, more: Pick<TreeNode, 'layer'> = {}): TreeNode {
    return { ...entry, ...more, ...(captured === undefined ? {} : { content: this.#keep(captured) }) }
  }

  #keep(bytes: Uint8Array): Uint8Array {
    this.#kept += bytes.length
    if (this.#kept <= this.#limit) return bytes
    throw new TemperError(
      'limit-exceeded',
      `The configuration files of the tree hold more than ${this.#limit} bytes`,
    )
  }
}

/** A folder that no archive entry names but that has something in it, as unpacking would create it. */
export function folderAbove(path: string, { mtime, layer }: TreeNode): TreeNode {
  return {
    path,
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    mtime,
    ...(layer === undefined ? {} : { layer }),
  }
}
