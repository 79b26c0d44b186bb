import { parseWhiteout } from '../formats/layer/whiteout.ts'
import type { TarItem } from '../formats/tar/read.ts'
import type { ConfinedFolder } from './confined-folder.ts'

/**
 * What one layer does to the tree of those below it. Whiteouts hide only what lower layers brought, wherever
 * in the layer they stand.
 */
export class LayerChanges {
  readonly #root: ConfinedFolder
  /** Paths that this layer has placed. */
  readonly #placed = new Set<string>()
  /** Devices and pipes, which are not made. */
  readonly #leftOut = new Set<string>()
  readonly #folders = new Map<string, number>()

  constructor(root: ConfinedFolder) {
    this.#root = root
  }

  async apply(item: TarItem): Promise<void> {
    const { path } = item.entry
    const whiteout = parseWhiteout(path)
    if (whiteout?.kind === 'name') {
      const parent = this.#root.existing(whiteout.parent)
      if (parent !== undefined) this.#hide(below(parent, whiteout.name))
    } else if (whiteout?.kind === 'opaque') {
      const parent = this.#root.existing(whiteout.parent)
      if (parent !== undefined) for (const name of this.#root.list(parent)) this.#hide(below(parent, name))
    } else if (whiteout === undefined) {
      const slash = path.lastIndexOf('/')
      const parent = this.#root.parent(path.slice(0, Math.max(slash, 0)))
      const place = below(parent, path.slice(slash + 1))
      await this.#place(item, place)
      this.#note(place)
    }
  }

  /** Last, so that a folder without write permission can still be filled. */
  finish(): void {
    for (const [path, mode] of this.#folders) this.#root.setMode(path, mode)
  }

  async #place({ entry, content }: TarItem, path: string): Promise<void> {
    if (entry.type !== 'directory') this.#folders.delete(path)
    switch (entry.type) {
      case 'directory':
        this.#root.placeFolder(path, entry)
        this.#folders.set(path, entry.mode)
        break
      case 'file':
        await this.#root.placeFile(path, content, entry)
        break
      case 'symlink':
        this.#root.placeSymlink(path, entry.target ?? '', entry)
        break
      case 'hardlink':
        this.#hardLink(path, entry.target ?? '')
        break
      default:
        this.#root.remove(path)
        this.#leftOut.add(path)
    }
  }

  #hardLink(path: string, target: string): void {
    const slash = target.lastIndexOf('/')
    const parent = this.#root.existing(target.slice(0, Math.max(slash, 0)))
    const name = target.slice(slash + 1)
    const place = below(parent ?? target.slice(0, Math.max(slash, 0)), name)
    if (this.#leftOut.has(place)) this.#leftOut.add(path)
    else this.#root.placeHardLink(path, place)
  }

  /** Remembers a path and the folders above it as this layer's own. */
  #note(path: string): void {
    for (
      let at = path;
      at !== '' && !this.#placed.has(at);
      at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))
    )
      this.#placed.add(at)
  }

  /** Removes what lower layers have at a path, and below it. */
  #hide(path: string): void {
    if (!this.#placed.has(path)) this.#root.remove(path)
    else if (this.#root.stat(path)?.isDirectory())
      for (const name of this.#root.list(path)) this.#hide(below(path, name))
  }
}

function below(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`
}
