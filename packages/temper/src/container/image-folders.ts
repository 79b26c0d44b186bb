import { TemperError } from '../base/error.ts'
import { readTar } from '../formats/tar/read.ts'
import type { Image } from '../model/image.ts'
import type { FileEntry } from '../model/package-content.ts'
import type { Ownership } from './confined-folder.ts'
import { openLayer } from './layer.ts'
import { parseWhiteout } from './whiteout.ts'

/** The folders of an image, without its files. */
export interface FolderIndex {
  /** The folder that a path leads to, links followed; undefined when there is none. */
  find(path: string): Ownership | undefined
}

/** As Linux counts (path_resolution(7)). */
const linkLimit = 40

/** Folders and links over all layers; more are no image that anyone builds. */
const nodeLimit = 2_000_000

type Node = Pick<FileEntry, 'type' | 'mode' | 'uid' | 'gid' | 'target'>

/** Reads the headers of all layers, for the permissions and owners of folders. Errors as `unpackImage`. */
export async function imageFolders(
  image: Image,
  options: { readonly signal?: AbortSignal } = {},
): Promise<FolderIndex> {
  const tree = new Map<string, Node>()
  for (const layer of image.layers) {
    const own = new Map<string, Node>()
    const hidden: { readonly path: string; readonly self: boolean }[] = []
    for await (const { entry } of readTar(openLayer(layer), { what: `layer ${layer.descriptor.digest}` })) {
      options.signal?.throwIfAborted()
      const whiteout = parseWhiteout(entry.path)
      if (whiteout?.kind === 'name') hidden.push({ path: join(whiteout.parent, whiteout.name), self: true })
      else if (whiteout?.kind === 'opaque') hidden.push({ path: whiteout.parent, self: false })
      else if (whiteout === undefined) own.set(entry.path, pick(entry))
      if (tree.size + own.size > nodeLimit)
        throw new TemperError('limit-exceeded', `The image has more than ${nodeLimit} folders and links`)
    }
    for (const { path, self } of hidden) {
      if (self) remove(tree, path)
      else removeContent(tree, path)
    }
    for (const [path, node] of own) {
      if (node.type !== 'directory') remove(tree, path)
      if (node.type === 'directory' || node.type === 'symlink') tree.set(path, node)
    }
  }
  return { find: (path) => find(tree, path) }
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`
}

function pick({ type, mode, uid, gid, target }: FileEntry): Node {
  return { type, mode, uid, gid, ...(target === undefined ? {} : { target }) }
}

function remove(tree: Map<string, Node>, path: string): void {
  const node = tree.get(path)
  if (node?.type === 'directory') removeContent(tree, path)
  tree.delete(path)
}

function removeContent(tree: Map<string, Node>, path: string): void {
  const prefix = path === '' ? '' : `${path}/`
  for (const name of tree.keys()) if (name.startsWith(prefix)) tree.delete(name)
}

function find(tree: ReadonlyMap<string, Node>, path: string): Ownership | undefined {
  const pending = path.split('/').reverse()
  const done: string[] = []
  for (let links = 0; pending.length > 0; ) {
    const part = pending.pop()
    if (part === undefined || part === '' || part === '.') continue
    if (part === '..') {
      done.pop()
      continue
    }
    const node = tree.get([...done, part].join('/'))
    if (node?.type === 'symlink') {
      if (++links > linkLimit) return undefined
      const target = node.target ?? ''
      if (target.startsWith('/')) done.length = 0
      pending.push(...target.split('/').reverse())
    } else done.push(part)
  }
  const found = tree.get(done.join('/'))
  return found && { mode: found.mode, uid: found.uid, gid: found.gid }
}
