import { TemperError } from '../../base/error.ts'
import type { RootChange, RootNode, RootView } from '../root.ts'
import type { NodeOrigin } from './file-tree.ts'
import { MemoryTree } from './memory-tree.ts'
import { pathIn, trimSlashes } from './path.ts'
import { bringerOf, refuseWhiteout } from './whiteout.ts'

/**
 * The tree of an image while it is built. Only files that no package brings have contents. Missing parents are made
 * with mode 0755, owned by root.
 */
export class Rootfs extends MemoryTree<RootNode> implements RootView {
  constructor() {
    super({ folder: folderAbove, bringer: ({ origin }) => bringerOf(origin) })
  }

  /** Refuses whiteouts, since everything that goes into our layers comes through here. */
  override put(node: RootNode): void {
    refuseWhiteout(this.canonical(node.path), node.origin)
    super.put(node)
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
      this.put({
        ...node,
        ...(change.mode === undefined ? {} : { mode: change.mode }),
        ...(change.uid === undefined ? {} : { uid: change.uid }),
        ...(change.gid === undefined ? {} : { gid: change.gid }),
      })
    }
    if (!change.recursive) return
    for (const name of this.list(node.path)) this.#setAttributes({ ...change, path: pathIn(node.path, name) })
  }

  #move(from: string, to: string): void {
    const node = this.get(this.canonical(from))
    if (!node) return
    if (node.type === 'directory')
      throw new TemperError('bad-archive', `Cannot divert /${node.path}: it is a folder`, {
        hint: 'The package that diverts it is damaged, or from another release: leave it out.',
      })
    this.remove(node.path)
    this.put({ ...node, path: trimSlashes(to) })
  }
}

function folderAbove(path: string, { mtime, origin }: RootNode): RootNode {
  return {
    path,
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    mtime,
    origin: origin.kind === 'package' ? { ...origin, path } : origin,
  }
}
