import { parseWhiteout } from '../formats/layer/whiteout.ts'
import type { TarItem } from '../formats/tar/read.ts'
import { nameOf, parentOf, pathIn } from '../model/tree/path.ts'
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
      if (parent !== undefined) this.#hide(pathIn(parent, whiteout.name))
    } else if (whiteout?.kind === 'opaque') {
      const parent = this.#root.existing(whiteout.parent)
      if (parent !== undefined) for (const name of this.#root.list(parent)) this.#hide(pathIn(parent, name))
    } else if (whiteout === undefined) {
      const place = pathIn(this.#root.parent(parentOf(path)), nameOf(path))
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
    const place = pathIn(this.#root.existing(parentOf(target)) ?? parentOf(target), nameOf(target))
    if (this.#leftOut.has(place)) this.#leftOut.add(path)
    else this.#root.placeHardLink(path, place)
  }

  /** Remembers a path and the folders above it as this layer's own. */
  #note(path: string): void {
    for (let at = path; at !== '' && !this.#placed.has(at); at = parentOf(at)) this.#placed.add(at)
  }

  /** Removes what lower layers have at a path, and below it. */
  #hide(path: string): void {
    if (!this.#placed.has(path)) this.#root.remove(path)
    else if (this.#root.stat(path)?.isDirectory())
      for (const name of this.#root.list(path)) this.#hide(pathIn(path, name))
  }
}
