import { TemperError } from '../../base/error.ts'
import type { EntryType, FileEntry } from '../../model/package/package-content.ts'
import { nameOf, parentOf, pathIn } from '../../model/tree/path.ts'
import { resolvePath, type Walkable } from '../../model/tree/resolve-path.ts'
import type { Whiteout } from './whiteout.ts'

export interface TreeOptions {
  /** Limit on the objects of all layers together. Default 3,000,000, which is more than any real image has. */
  readonly limit?: number
  /** Limit on the path segments that links may add to all look-ups together. Default 100,000,000. */
  readonly detours?: number
}

/** An object at a path that has no links in it. */
export interface PlacedObject<Value> {
  readonly path: string
  readonly type: EntryType
  /** Text of a symlink. */
  readonly target?: string
  /** Absent for a folder that no entry names. */
  readonly value?: Value
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
 * The tree that results when layers are laid over each other (image-spec layer.md): links in the middle of a path are
 * followed as runtimes do, but never lead out of the tree. For each layer, `hide` comes first, since whiteouts hide
 * only what lower layers brought, wherever in the layer they are; then `place`.
 */
export class LayeredTree<Value> {
  readonly #root: Node<Value> = {
    type: 'directory',
    value: undefined,
    target: undefined,
    children: new Map(),
  }
  /** The tree as it is. */
  readonly #present: Walkable<Node<Value>> = {
    root: this.#root,
    child: ({ children }, name) => children?.get(name),
    linkTarget: ({ target }) => target,
    isFolder: ({ children }) => children !== undefined,
  }
  /** The same tree, which makes every folder that is looked up. */
  readonly #filled: Walkable<Node<Value>> = {
    ...this.#present,
    child: (folder, name) => folder.children?.get(name) ?? this.#make(folder, name),
    isFolder: () => true,
  }
  readonly #limit: number
  readonly #detourLimit: number
  #made = 0
  #detours = 0
  /**
   * The folder of the last file, since the next one mostly goes there too. Forgotten when anything but a new file
   * comes.
   */
  #last: { readonly path: string; readonly folder: Map<string, Node<Value>> } | undefined

  constructor(options: TreeOptions = {}) {
    this.#limit = options.limit ?? 3_000_000
    this.#detourLimit = options.detours ?? 100_000_000
  }

  /** Lays an entry over what is there. Errors: `limit-exceeded`. */
  place(entry: Pick<FileEntry, 'path' | 'type' | 'target'>, value: Value): void {
    const above = parentOf(entry.path)
    const parent = this.#last?.path === above ? this.#last.folder : this.#folder(above)
    if (parent === undefined) return
    const name = nameOf(entry.path)
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
    const parent = this.#walk(whiteout.parent)?.place.children
    if (whiteout.kind === 'opaque') parent?.clear()
    else parent?.delete(whiteout.name)
  }

  /**
   * What a path leads to, with all links followed, including a final one; undefined when there is nothing, or a
   * circle of links.
   */
  find(path: string): PlacedObject<Value> | undefined {
    const placed = this.#walk(path)
    return placed && describe(placed.path, placed.place)
  }

  /** The object at a path: links before the last part are followed, the last part is not. */
  at(path: string): PlacedObject<Value> | undefined {
    const name = nameOf(path)
    const parent = this.#walk(parentOf(path))
    const node = parent?.place.children?.get(name)
    return parent && node && describe(pathIn(parent.path, name), node)
  }

  /** Everything that entries brought, by its real path, in no particular order. */
  *entries(): Generator<readonly [path: string, value: Value], undefined, undefined> {
    const pending: (readonly [string, Node<Value>])[] = [['', this.#root]]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [path, { children, value }] = next
      if (value !== undefined && path !== '') yield [path, value]
      if (children !== undefined)
        for (const [name, child] of children) pending.push([pathIn(path, name), child])
    }
  }

  #count(): void {
    if (++this.#made > this.#limit) throw tooMuch(`more than ${this.#limit} files, folders and links`)
  }

  /**
   * The content of a folder, which is made if no entry names it. Anything on the way that is not a folder is
   * replaced.
   */
  #folder(path: string): Map<string, Node<Value>> | undefined {
    const place = this.#follow(path, this.#filled)
    return place && contentOf(place.place)
  }

  #walk(path: string) {
    return this.#follow(path, this.#present)
  }

  #follow(path: string, tree: Walkable<Node<Value>>) {
    const end = resolvePath(tree, path, { onLink: (names) => this.#detour(names) })
    return end.outcome === 'found' ? end : undefined
  }

  #detour(names: number): void {
    this.#detours += names
    if (this.#detours > this.#detourLimit)
      throw tooMuch(`links with detours of more than ${this.#detourLimit} folders`)
  }

  #make(folder: Node<Value>, name: string): Node<Value> {
    this.#count()
    const made: Node<Value> = { type: 'directory', value: undefined, target: undefined, children: new Map() }
    contentOf(folder).set(name, made)
    return made
  }
}

function describe<Value>(path: string, { type, target, value }: Node<Value>): PlacedObject<Value> {
  return {
    path,
    type,
    ...(target === undefined ? {} : { target }),
    ...(value === undefined ? {} : { value }),
  }
}

/** What is in a folder; what is not a folder becomes one. */
function contentOf<Value>(node: Node<Value>): Map<string, Node<Value>> {
  if (node.children === undefined) {
    node.type = 'directory'
    node.value = undefined
    node.target = undefined
    node.children = new Map()
  }
  return node.children
}

function tooMuch(found: string): TemperError {
  return new TemperError('limit-exceeded', `The image has ${found}`)
}
