import { TemperError } from '../base/error.ts'
import { parseWhiteout, type Whiteout } from '../formats/layer/whiteout.ts'
import { readTar } from '../formats/tar/read.ts'
import type { Image, Layer } from '../model/image.ts'
import type { FileEntry } from '../model/package-content.ts'
import type { Ownership } from './confined-folder.ts'
import { openLayer } from './layer.ts'

/** As Linux counts (path_resolution(7)). */
const linkLimit = 40

/** Folders and links over all layers; more are no image that anyone builds. */
const nodeLimit = 2_000_000

type Node = Pick<FileEntry, 'type' | 'mode' | 'uid' | 'gid' | 'target'>

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
  const tree = new FolderTree()
  for (const layer of image.layers) {
    const { whiteouts, entries } = await readLayer(layer, options.signal)
    for (const whiteout of whiteouts) tree.hide(whiteout)
    for (const [path, node] of entries) tree.place(path, node)
  }
  return tree
}

/** Whiteouts first, since they hide only what lower layers brought. */
async function readLayer(layer: Layer, signal: AbortSignal | undefined) {
  const whiteouts: Whiteout[] = []
  const entries: [string, Node][] = []
  for await (const { entry } of readTar(openLayer(layer), { what: `layer ${layer.descriptor.digest}` })) {
    signal?.throwIfAborted()
    const whiteout = parseWhiteout(entry.path)
    if (whiteout !== undefined) whiteouts.push(whiteout)
    else {
      const { path, type, mode, uid, gid, target } = entry
      entries.push([path, { type, mode, uid, gid, ...(target === undefined ? {} : { target }) }])
    }
  }
  return { whiteouts, entries }
}

class FolderTree implements FolderIndex {
  /** Folders and symlinks by where they really are. */
  readonly #nodes = new Map<string, Node>()

  find(path: string): Ownership | undefined {
    const place = this.#walk(path)
    const found = place === undefined ? undefined : this.#nodes.get(place)
    return found && { mode: found.mode, uid: found.uid, gid: found.gid }
  }

  place(path: string, node: Node): void {
    const slash = path.lastIndexOf('/')
    const parent = this.#walk(path.slice(0, Math.max(slash, 0)))
    if (parent === undefined) return
    this.#makeFolders(parent)
    const place = join(parent, path.slice(slash + 1))
    if (node.type !== 'directory') this.#remove(place)
    if (node.type === 'directory' || node.type === 'symlink') this.#set(place, node)
  }

  hide(whiteout: Whiteout): void {
    if (whiteout.kind === 'foreign') return
    const parent = this.#walk(whiteout.parent)
    if (parent === undefined) return
    if (whiteout.kind === 'opaque') this.#removeContent(parent)
    else this.#remove(join(parent, whiteout.name))
  }

  #set(place: string, node: Node): void {
    this.#nodes.set(place, node)
    if (this.#nodes.size > nodeLimit)
      throw new TemperError('limit-exceeded', `The image has more than ${nodeLimit} folders and links`)
  }

  /** Those that no entry names are made as unpacking makes them. */
  #makeFolders(path: string): void {
    for (let at = path; at !== '' && !this.#nodes.has(at); at = at.slice(0, Math.max(at.lastIndexOf('/'), 0)))
      this.#set(at, { type: 'directory', mode: 0o755, uid: 0, gid: 0 })
  }

  #remove(place: string): void {
    if (this.#nodes.get(place)?.type === 'directory') this.#removeContent(place)
    this.#nodes.delete(place)
  }

  #removeContent(place: string): void {
    const prefix = place === '' ? '' : `${place}/`
    for (const name of this.#nodes.keys()) if (name.startsWith(prefix)) this.#nodes.delete(name)
  }

  /** Where a path leads, links followed; undefined when they go in a circle. */
  #walk(path: string): string | undefined {
    const pending = path.split('/').reverse()
    const done: string[] = []
    for (let links = 0; pending.length > 0; ) {
      const part = pending.pop()
      if (part === undefined || part === '' || part === '.') continue
      if (part === '..') {
        done.pop()
        continue
      }
      done.push(part)
      const node = this.#nodes.get(done.join('/'))
      if (node?.type !== 'symlink') continue
      if (++links > linkLimit) return undefined
      const target = node.target ?? ''
      if (target.startsWith('/')) done.length = 0
      else done.pop()
      pending.push(...target.split('/').reverse())
    }
    return done.join('/')
  }
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`
}
