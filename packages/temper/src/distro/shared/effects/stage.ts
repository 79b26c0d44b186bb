import { TemperError } from '../../../base/error.ts'
import type { EntryType } from '../../../model/package/package-content.ts'
import type { EffectNode, EffectView, RootChange } from '../../../model/root.ts'
import { canonicalPath, lookUp } from '../../../model/tree/look-up.ts'
import { nameOf, parentOf } from '../../../model/tree/path.ts'
import { decodeBytes } from './text/bytes.ts'

/** What is put on the stage: size, time and missing attributes are filled in. */
export interface StageEntry {
  readonly path: string
  readonly type: EntryType
  readonly mode: number
  readonly uid?: number
  readonly gid?: number
  readonly target?: string
  readonly content?: Uint8Array
}

interface StagedNode extends EffectNode {
  /** Where a package's file was before it was moved. */
  readonly movedFrom?: string
  /** The node that it is, with other attributes or in another place. */
  readonly original?: EffectNode
}

const maximumChanges = 200_000

/** The tree with the changes made so far on top. The tree itself is not touched. */
export class Stage implements EffectView {
  readonly #base: EffectView
  readonly #over = new Map<string, StagedNode | null>()
  readonly #names = new Map<string, Set<string>>()
  readonly #contentOf: (node: EffectNode) => Uint8Array | undefined
  /** The owner of everything that is made from now on. */
  owner: { readonly uid: number; readonly gid: number } = { uid: 0, gid: 0 }

  /** `contentOf` finds the content of a package's file when it was captured. */
  constructor(base: EffectView, contentOf: (node: EffectNode) => Uint8Array | undefined) {
    this.#base = base
    this.#contentOf = contentOf
  }

  get(path: string): StagedNode | undefined {
    const over = this.#over.get(path)
    return over === undefined ? this.#base.get(path) : (over ?? undefined)
  }

  resolve(path: string): StagedNode | undefined {
    const real = this.realPath(path)
    return real === undefined ? undefined : this.get(real)
  }

  list(path: string): readonly string[] {
    const added = this.#names.get(path)
    const names = this.#base.list(path)
    if (!added && this.#over.size === 0) return names
    const prefix = path === '' ? '' : `${path}/`
    const all = added ? new Set([...names, ...added]) : new Set(names)
    return [...all].filter((name) => this.get(prefix + name) !== undefined).sort()
  }

  *nodes(): Iterable<StagedNode> {
    const own = [...this.#over.keys()].sort()
    let next = 0
    for (const node of this.#base.nodes()) {
      for (let path = own[next]; path !== undefined && path < node.path; path = own[++next]) {
        const over = this.#over.get(path)
        if (over) yield over
      }
      if (own[next] === node.path) next++
      const over = this.#over.get(node.path)
      if (over !== null) yield over ?? node
    }
    for (; next < own.length; next++) {
      const over = this.#over.get(own[next] ?? '')
      if (over) yield over
    }
  }

  /** Path of what a path names, all symlinks followed; undefined when something is missing. */
  realPath(path: string): string | undefined {
    const end = lookUp(this, path)
    return end.outcome === 'found' ? end.path : undefined
  }

  /** Path with the symlinks in its folders followed and the last part left alone: where it would be made. */
  canonical(path: string): string {
    return canonicalPath(this, path)
  }

  /** Content of a file, links followed; undefined when there is none or it was not captured. */
  content(path: string): Uint8Array | undefined {
    const node = this.resolve(path)
    if (node?.type !== 'file') return undefined
    return node.content ?? this.#contentOf(node) ?? (node.size === 0 ? new Uint8Array() : undefined)
  }

  text(path: string): string | undefined {
    const content = this.content(path)
    return content && decodeBytes(content)
  }

  /** Puts something, replacing what is there; missing folders are made. */
  put(entry: StageEntry): void {
    const path = this.canonical(entry.path)
    if (path === '') return
    const present = this.get(path)
    if (present?.type === 'directory' && entry.type !== 'directory') this.remove(path)
    this.makeDirectory(parentOf(path))
    const { target, content } = entry
    this.#set({
      path,
      type: entry.type,
      mode: entry.mode,
      uid: entry.uid ?? this.owner.uid,
      gid: entry.gid ?? this.owner.gid,
      size: content?.length ?? 0,
      mtime: 0,
      ...(target === undefined ? {} : { target }),
      ...(entry.type === 'file' ? { content: content ?? new Uint8Array() } : {}),
      origin: { kind: 'effect', effect: 'distribution' },
    })
  }

  /** Makes a folder (0755, root) and those above it where nothing is. */
  makeDirectory(path: string, options: { readonly mode?: number } = {}): void {
    const real = this.canonical(path)
    if (real === '' || this.resolve(real)) return
    if (this.get(real)) return
    const mode = options.mode ?? 0o755
    this.put({ path: real, type: 'directory', mode })
  }

  /** Removes what is at a path, with all below it. */
  remove(path: string): void {
    const at = this.canonical(path)
    const node = this.get(at)
    if (!node || at === '') return
    if (node.type === 'directory') for (const name of this.list(at)) this.remove(`${at}/${name}`)
    this.#limit()
    this.#over.set(at, null)
  }

  setAttributes(
    path: string,
    change: { readonly mode?: number; readonly uid?: number; readonly gid?: number },
  ): void {
    const node = this.get(path)
    if (node) this.#set(changed(node, change))
  }

  /** Marks the content of a file as unknown from now on. */
  forget(path: string): void {
    const present = this.resolve(path)
    this.put({ path, type: 'file', mode: present?.mode ?? 0o644 })
    const node = this.get(this.realPath(path) ?? '')
    if (node === undefined) return
    const { content: _, ...rest } = node
    this.#set({ ...rest, size: 1 })
  }

  /** Whether a file was made by effects with unknown content. */
  isForgotten(path: string): boolean {
    const node = this.resolve(path)
    return node?.type === 'file' && node.origin.kind === 'effect' && node.content === undefined
  }

  move(from: string, to: string): void {
    const source = this.canonical(from)
    const target = this.canonical(to)
    const node = this.get(source)
    if (!node || source === target || target.startsWith(`${source}/`)) return
    const names = node.type === 'directory' ? this.list(source) : []
    this.makeDirectory(parentOf(target))
    const movedFrom = node.movedFrom ?? (this.#base.get(source) === undefined ? undefined : source)
    this.#set(changed(node, { path: target, ...(movedFrom === undefined ? {} : { movedFrom }) }))
    for (const name of names) this.move(`${source}/${name}`, `${target}/${name}`)
    this.#over.set(source, null)
  }

  /** The changes that turn the underlying tree into this one: removals, moves, then the rest by path. */
  changes(): readonly RootChange[] {
    const moves: RootChange[] = []
    const removals: RootChange[] = []
    const rest: RootChange[] = []
    const moved = new Set<string>()
    for (const node of this.#over.values()) if (node?.movedFrom !== undefined) moved.add(node.movedFrom)
    for (const path of [...this.#over.keys()].sort()) {
      const node = this.#over.get(path)
      const before = this.#base.get(path)
      if (!node) {
        if (before && !moved.has(path)) removals.push({ kind: 'remove', path })
      } else if (node.movedFrom !== undefined && node.type !== 'directory') {
        moves.push({ kind: 'move', from: node.movedFrom, to: path })
        rest.push({ kind: 'attributes', path, mode: node.mode, uid: node.uid, gid: node.gid })
      } else if (before && sameObject(before, node)) {
        const { mode, uid, gid } = node
        const same = before.mode === mode && before.uid === uid && before.gid === gid
        if (!same) rest.push({ kind: 'attributes', path, mode, uid, gid })
      } else rest.push(putChange(node))
    }
    return [...moves, ...removals, ...rest]
  }

  #set(node: StagedNode): void {
    this.#limit()
    this.#over.set(node.path, node)
    const parent = parentOf(node.path)
    const names = this.#names.get(parent) ?? new Set<string>()
    names.add(nameOf(node.path))
    this.#names.set(parent, names)
  }

  #limit(): void {
    if (this.#over.size < maximumChanges) return
    throw new TemperError('limit-exceeded', `The effects make more than ${maximumChanges} changes`)
  }
}

/** A node with other attributes, or elsewhere. Looks at no more of it than it changes. */
function changed(
  node: StagedNode,
  change: Partial<Pick<StagedNode, 'path' | 'mode' | 'uid' | 'gid' | 'movedFrom'>>,
): StagedNode {
  const { path, type, mode, uid, gid, target, origin, movedFrom, original = node } = node
  const attributes = { path, type, mode, uid, gid, origin, original }
  const links = {
    ...(target === undefined ? {} : { target }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
  }
  const lazy = {
    get size() {
      return original.size
    },
    get mtime() {
      return original.mtime
    },
    get content() {
      return original.content
    },
    get elf() {
      return original.elf
    },
    get fipsModule() {
      return original.fipsModule
    },
  }
  // A member that gives undefined is as good as none to all who read it.
  return Object.assign(lazy, attributes, links, change) as StagedNode
}

function sameObject(a: EffectNode, b: StagedNode): boolean {
  if (a.type !== b.type || a.target !== b.target || a.origin.kind !== b.origin.kind) return false
  return a.type === 'directory' || b.original === a
}

function putChange(node: StagedNode): RootChange {
  const { path, type, mode, uid, gid, size, mtime, target, content } = node
  const entry = { path, type, mode, uid, gid, size, mtime, ...(target === undefined ? {} : { target }) }
  return { kind: 'put', entry, ...(content === undefined ? {} : { content }) }
}
