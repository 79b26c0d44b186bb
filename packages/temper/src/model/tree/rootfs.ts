import { TemperError } from '../../base/error.ts'
import type { FileEntry } from '../package-content.ts'
import type { NodeOrigin, RootChange, RootNode, RootView } from '../root.ts'

/** As many symlinks as Linux follows in one look-up (path_resolution(7)). */
const maximumLinks = 40

/**
 * The tree of an image in memory: metadata of every object, contents only of what no package brings.
 * Paths have no leading slash; parents of a node are real folders, never symlinks.
 */
export class Rootfs implements RootView {
  readonly #nodes = new Map<string, RootNode>()
  readonly #children = new Map<string, Set<string>>([['', new Set()]])
  #sorted: readonly string[] | undefined

  get size(): number {
    return this.#nodes.size
  }

  get(path: string): RootNode | undefined {
    return this.#nodes.get(trimSlash(path))
  }

  resolve(path: string): RootNode | undefined {
    // Parents of nodes are never symlinks, so a node with this very path is the answer.
    const direct = this.#nodes.get(path)
    if (direct && direct.type !== 'symlink') return direct
    const real = this.#walk(path, { followLast: true })
    return real === undefined ? undefined : this.#nodes.get(real)
  }

  /**
   * The path with every symlink in its folders followed, its last part left as it is. Parts that do not
   * exist stay as written: this is where a new node with that path would really be.
   */
  canonical(path: string): string {
    return this.#walk(path, { followLast: false }) ?? trimSlash(path)
  }

  list(path: string): readonly string[] {
    return [...(this.#children.get(trimSlash(path)) ?? [])].sort()
  }

  *nodes(): Iterable<RootNode> {
    this.#sorted ??= [...this.#nodes.keys()].sort()
    for (const path of this.#sorted) {
      const node = this.#nodes.get(path)
      if (node) yield node
    }
  }

  /** Puts a node at its canonical path, replacing what is there; missing parents are made (0755, root). */
  put(node: RootNode): void {
    const path = this.canonical(node.path)
    if (path === '') throw new TemperError('bad-archive', 'The root folder itself cannot be replaced')
    const present = this.#nodes.get(path)
    if (present?.type === 'directory' && node.type !== 'directory') this.remove(path)
    this.#makeParents(path, node)
    if (!present) {
      this.#sorted = undefined
      this.#children.get(parentOf(path))?.add(baseOf(path))
    }
    if (node.type === 'directory' && !this.#children.has(path)) this.#children.set(path, new Set())
    this.#nodes.set(path, path === node.path ? node : { ...node, path })
  }

  /** Removes a node with all below it. Nothing happens when there is none. */
  remove(path: string): void {
    const at = this.canonical(path)
    if (!this.#nodes.has(at)) return
    for (const name of this.#children.get(at) ?? []) this.remove(`${at}/${name}`)
    this.#nodes.delete(at)
    this.#children.delete(at)
    this.#children.get(parentOf(at))?.delete(baseOf(at))
    this.#sorted = undefined
  }

  /** Applies what an effect or the recipe asks for. */
  apply(change: RootChange, origin: NodeOrigin): void {
    switch (change.kind) {
      case 'put':
        this.put({
          ...change.entry,
          origin,
          ...(change.content === undefined ? {} : { content: change.content }),
        })
        return
      case 'remove':
        this.remove(change.path)
        return
      case 'move':
        this.#move(change.from, change.to)
        return
      case 'attributes':
        this.#setAttributes(change)
        return
    }
  }

  #setAttributes(change: Extract<RootChange, { kind: 'attributes' }>): void {
    const node = this.get(this.canonical(change.path))
    if (!node) return
    if (node.type !== 'symlink') {
      this.#nodes.set(node.path, {
        ...node,
        ...(change.mode === undefined ? {} : { mode: change.mode }),
        ...(change.uid === undefined ? {} : { uid: change.uid }),
        ...(change.gid === undefined ? {} : { gid: change.gid }),
      })
    }
    if (!change.recursive) return
    for (const name of this.list(node.path)) this.#setAttributes({ ...change, path: `${node.path}/${name}` })
  }

  #move(from: string, to: string): void {
    const source = this.canonical(from)
    const node = this.#nodes.get(source)
    if (!node) return
    if (node.type === 'directory')
      throw new TemperError('bad-archive', `Cannot divert /${source}: it is a folder`)
    this.remove(source)
    this.put({ ...node, path: trimSlash(to) })
  }

  #makeParents(path: string, node: FileEntry & { origin: NodeOrigin }): void {
    const parent = parentOf(path)
    if (parent === '') return
    const present = this.#nodes.get(parent)
    if (present?.type === 'directory') return
    if (present) {
      throw new TemperError(
        'bad-archive',
        `Cannot put /${path}: /${parent} is a ${present.type}, not a folder`,
      )
    }
    this.put({
      path: parent,
      type: 'directory',
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: node.mtime,
      origin: node.origin.kind === 'package' ? { ...node.origin, path: parent } : node.origin,
    })
  }

  /** Follows symlinks; undefined when more than 40 are met, or (followLast) when something is missing. */
  #walk(path: string, options: { readonly followLast: boolean }): string | undefined {
    const pending = segmentsOf(path).reverse()
    const done: string[] = []
    let links = 0
    while (pending.length > 0) {
      const name = pending.pop() as string
      if (name === '..') {
        done.pop()
        continue
      }
      const here = done.length === 0 ? name : `${done.join('/')}/${name}`
      const node = this.#nodes.get(here)
      const isLast = pending.length === 0
      if (node?.type === 'symlink' && (!isLast || options.followLast)) {
        if (++links > maximumLinks) return undefined
        const target = node.target ?? ''
        if (target.startsWith('/')) done.length = 0
        pending.push(...segmentsOf(target).reverse())
        continue
      }
      if (options.followLast && node === undefined) return undefined
      done.push(name)
    }
    return done.join('/')
  }
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function trimSlash(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}
