import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { FileTree, TreeNode } from './file-tree.ts'
import { canonicalPath, lookUp } from './look-up.ts'
import { nameOf, parentOf, pathIn, trimSlashes } from './path.ts'

/** Names that links may add to the ways of all look-ups together. Real trees stay below a hundredth of that. */
const detourLimit = 100_000_000

export interface MemoryTreeOptions<Node> {
  /** Makes a missing folder above an object. */
  readonly folder: (path: string, below: Node) => Node
  /** Who brings an object, for errors: "the package tool". */
  readonly bringer?: (node: Node) => string
  /** Default 100,000,000; only links made for long detours need more. */
  readonly detours?: number
}

/**
 * A tree in memory: metadata of every object, and contents where they were kept. Parents of a node are real folders,
 * never symlinks. Errors of look-ups: `limit-exceeded` for links that are made to keep readers busy.
 */
export class MemoryTree<Node extends TreeNode> implements FileTree<Node> {
  readonly #nodes = new Map<string, Node>()
  readonly #names = new Map<string, Set<string>>([['', new Set()]])
  readonly #options: MemoryTreeOptions<Node>
  #detours: number
  #sorted: readonly string[] | undefined

  constructor(options: MemoryTreeOptions<Node>) {
    this.#options = options
    this.#detours = options.detours ?? detourLimit
  }

  get size(): number {
    return this.#nodes.size
  }

  get(path: string): Node | undefined {
    const isPlain = !path.startsWith('/') && !path.endsWith('/')
    return this.#nodes.get(isPlain ? path : trimSlashes(path))
  }

  resolve(path: string): Node | undefined {
    // Parents of nodes are never symlinks, so a node with this very path is the answer.
    const direct = this.#nodes.get(path)
    if (direct && direct.type !== 'symlink') return direct
    const place = lookUp(this, path, { onLink: (names) => this.#spend(names) })
    return place.outcome === 'found' ? this.#nodes.get(place.path) : undefined
  }

  /** Where a new object with that path would be: `canonicalPath`. */
  canonical(path: string): string {
    if (this.#isReal(path)) return path
    return canonicalPath(this, path, { onLink: (names) => this.#spend(names) })
  }

  list(path: string): readonly string[] {
    return [...(this.#names.get(trimSlashes(path)) ?? [])].sort()
  }

  *nodes(): Iterable<Node> {
    this.#sorted ??= [...this.#nodes.keys()].sort()
    for (const path of this.#sorted) {
      const node = this.#nodes.get(path)
      if (node) yield node
    }
  }

  /** Puts a node at its canonical path, replacing what is there; missing parents are made. */
  put(node: Node): void {
    const path = this.canonical(node.path)
    if (path === '') throw new TemperError('bad-archive', 'The root folder itself cannot be replaced')
    const present = this.#nodes.get(path)
    if (present?.type === 'directory' && node.type !== 'directory') this.remove(path)
    this.#makeParent(path, node)
    if (!this.#nodes.has(path)) {
      this.#sorted = undefined
      this.#names.get(parentOf(path))?.add(nameOf(path))
    }
    if (node.type === 'directory' && !this.#names.has(path)) this.#names.set(path, new Set())
    this.#nodes.set(path, path === node.path ? node : { ...node, path })
  }

  /** Removes a node with everything below it, if it exists. */
  remove(path: string): void {
    const at = this.canonical(path)
    if (!this.#nodes.has(at)) return
    for (const name of this.#names.get(at) ?? []) this.remove(pathIn(at, name))
    this.#nodes.delete(at)
    this.#names.delete(at)
    this.#names.get(parentOf(at))?.delete(nameOf(at))
    this.#sorted = undefined
  }

  #makeParent(path: string, below: Node): void {
    const parent = parentOf(path)
    if (parent === '') return
    const present = this.#nodes.get(parent)
    if (present?.type === 'directory') return
    if (present) throw this.#unplaceable(path, below, `/${parent} is a ${present.type}, not a folder`)
    // Where links lead in a circle, a path stays as it is written, and its folders are not where it says.
    if (this.canonical(parent) !== parent)
      throw this.#unplaceable(path, below, 'links on the way lead in a circle')
    this.put(this.#options.folder(parent, below))
  }

  #unplaceable(path: string, node: Node, reason: string): TemperError {
    const { bringer } = this.#options
    const who = bringer === undefined ? '' : `, which ${bringer(node)} brings`
    return new TemperError(
      'bad-archive',
      `Cannot put ${printableLine(`/${path}`)}${who}: ${printableLine(reason)}`,
      {
        hint: 'What is there and what would be added do not fit together: leave one of them out.',
        details: { path: `/${path}` },
      },
    )
  }

  /** Whether the path is written plainly and its folder is there, so that no link can be on the way. */
  #isReal(path: string): boolean {
    const name = nameOf(path)
    return (
      !path.startsWith('/') && name !== '' && name !== '.' && name !== '..' && this.#names.has(parentOf(path))
    )
  }

  #spend(names: number): void {
    this.#detours -= names
    if (this.#detours >= 0) return
    throw new TemperError('limit-exceeded', 'The symlinks of the tree lead through too many folders', {
      hint: 'They are made to keep readers busy: find out who made them.',
    })
  }
}
