import { TemperError } from '../../base/error.ts'
import type { EntryType, FileEntry } from '../../model/package-content.ts'
import type { Whiteout } from './whiteout.ts'

/** As Linux counts (path_resolution(7)). */
const linkLimit = 40

export interface TreeOptions {
  /** Most objects of all layers together. Default 3,000,000: more are no image that anyone builds. */
  readonly limit?: number
  /**
   * Most steps from folder to folder, of all paths together: more are made by links that lead through long detours.
   * Default 100,000,000.
   */
  readonly steps?: number
}

/** What stands at one place of the tree. */
interface Node<Value> {
  type: EntryType
  /** Undefined for a folder that no entry names. */
  value: Value | undefined
  /** Text of a symlink. */
  target: string | undefined
  children: Map<string, Node<Value>> | undefined
}

/**
 * The tree that layers make when one is laid over the other (image-spec layer.md): links in the middle of a path
 * are followed as the runtimes do it, but never lead out of the tree. Of each layer `hide` goes first, since
 * whiteouts hide only what lower layers brought, wherever in the layer they stand; then `place`.
 */
export class LayeredTree<Value> {
  readonly #root: Node<Value> = {
    type: 'directory',
    value: undefined,
    target: undefined,
    children: new Map(),
  }
  readonly #limit: number
  readonly #stepLimit: number
  #made = 0
  #steps = 0
  /** Where the last file went: the next one mostly goes there too. Forgotten when anything but a new file comes. */
  #last: { readonly path: string; readonly folder: Map<string, Node<Value>> } | undefined

  constructor(options: TreeOptions = {}) {
    this.#limit = options.limit ?? 3_000_000
    this.#stepLimit = options.steps ?? 100_000_000
  }

  /** Lays an entry over what is there. Errors: `limit-exceeded`. */
  place(entry: Pick<FileEntry, 'path' | 'type' | 'target'>, value: Value): void {
    const slash = entry.path.lastIndexOf('/')
    const above = entry.path.slice(0, Math.max(slash, 0))
    const parent = this.#last?.path === above ? this.#last.folder : this.#folder(above)
    if (parent === undefined) return
    const name = entry.path.slice(slash + 1)
    const there = parent.get(name)
    this.#last = entry.type === 'file' && there === undefined ? { path: above, folder: parent } : undefined
    if (entry.type === 'directory' && there?.type === 'directory') {
      there.value = value
      return
    }
    this.#count()
    parent.set(name, {
      type: entry.type,
      value,
      target: entry.type === 'symlink' ? (entry.target ?? '') : undefined,
      children: entry.type === 'directory' ? new Map() : undefined,
    })
  }

  hide(whiteout: Whiteout): void {
    this.#last = undefined
    if (whiteout.kind === 'foreign') return
    const parent = this.#walk(whiteout.parent)?.node.children
    if (whiteout.kind === 'opaque') parent?.clear()
    else parent?.delete(whiteout.name)
  }

  /** What a path leads to, links followed, also a last one; undefined when there is nothing, or a circle. */
  find(
    path: string,
  ): { readonly path: string; readonly type: EntryType; readonly value?: Value } | undefined {
    const found = this.#walk(path)
    if (found === undefined) return undefined
    const { type, value } = found.node
    return { path: found.parts.join('/'), type, ...(value === undefined ? {} : { value }) }
  }

  /** What stands at a path: links before the last part are followed, the last part is not. */
  at(path: string): { readonly path: string; readonly type: EntryType; readonly value?: Value } | undefined {
    const slash = path.lastIndexOf('/')
    const parent = this.#walk(path.slice(0, Math.max(slash, 0)))
    const node = parent?.node.children?.get(path.slice(slash + 1))
    if (parent === undefined || node === undefined) return undefined
    const place = [...parent.parts, path.slice(slash + 1)].join('/')
    return { path: place, type: node.type, ...(node.value === undefined ? {} : { value: node.value }) }
  }

  /** Everything that entries brought, in no particular order, by its real path. */
  *entries(): Generator<readonly [path: string, value: Value], undefined, undefined> {
    const pending: (readonly [string, Node<Value>])[] = [['', this.#root]]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [path, { children, value }] = next
      if (value !== undefined && path !== '') yield [path, value]
      if (children !== undefined)
        for (const [name, child] of children) pending.push([path === '' ? name : `${path}/${name}`, child])
    }
  }

  #count(): void {
    if (++this.#made > this.#limit) throw tooMuch(`more than ${this.#limit} files, folders and links`)
  }

  /** The content of a folder, made where no entry names it. What is no folder on the way is replaced. */
  #folder(path: string): Map<string, Node<Value>> | undefined {
    const found = this.#follow(path, 'make')
    if (found === undefined) return undefined
    const { node } = found
    if (node.children === undefined) {
      node.type = 'directory'
      node.value = undefined
      node.target = undefined
      node.children = new Map()
    }
    return node.children
  }

  #walk(path: string) {
    return this.#follow(path, 'find')
  }

  #follow(path: string, mode: 'find' | 'make') {
    const pending = path.split('/').reverse()
    const nodes: Node<Value>[] = [this.#root]
    const parts: string[] = []
    for (let links = 0; pending.length > 0; ) {
      const part = pending.pop()
      if (++this.#steps > this.#stepLimit)
        throw tooMuch(`links with detours of more than ${this.#stepLimit} folders`)
      if (part === undefined || part === '' || part === '.') continue
      if (part === '..') {
        if (parts.pop() !== undefined) nodes.pop()
        continue
      }
      const node = this.#step(nodes.at(-1) ?? this.#root, part, mode)
      if (node === undefined) return undefined
      if (node.target === undefined) {
        nodes.push(node)
        parts.push(part)
        continue
      }
      if (++links > linkLimit) return undefined
      if (node.target.startsWith('/')) {
        nodes.length = 1
        parts.length = 0
      }
      pending.push(...node.target.split('/').reverse())
    }
    return { node: nodes.at(-1) ?? this.#root, parts }
  }

  #step(folder: Node<Value>, name: string, mode: 'find' | 'make'): Node<Value> | undefined {
    const found = folder.children?.get(name)
    if (found !== undefined || mode === 'find') return found
    this.#count()
    const made: Node<Value> = { type: 'directory', value: undefined, target: undefined, children: new Map() }
    if (folder.children === undefined) {
      folder.type = 'directory'
      folder.value = undefined
      folder.children = new Map()
    }
    folder.children.set(name, made)
    return made
  }
}

function tooMuch(found: string): TemperError {
  return new TemperError('limit-exceeded', `The image has ${found}`)
}
