import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { fileError } from '../base/file.ts'
import { pathIn } from '../model/tree/path.ts'
import { resolvePath, type Walkable } from '../model/tree/resolve-path.ts'

/** Permissions and owner of something that is placed. */
export interface Ownership {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/**
 * A folder that is filled as if it were the root of a file system: no name, no link and no order of entries
 * leads out of it. It must belong to us alone while it is filled. Owners are set when we are root.
 *
 * Paths are relative to the folder. Those that the methods take have no links in them: `parent` gives such ones.
 * Calls are synchronous, since thousands of small ones are many times faster that way.
 */
export class ConfinedFolder {
  readonly home: string
  readonly #isRoot = process.getuid?.() === 0
  /** Folders as layers name them → where they really are. */
  #places = new Map<string, string>()

  constructor(home: string) {
    this.home = home
  }

  /**
   * Where the folder of that name is, links followed inside; missing parts are made, open to all for reading.
   * Throws `bad-image` when a part is no folder, or when links lead nowhere.
   */
  parent(name: string): string {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place = this.#walk(name, (path) => this.placeFolder(path, { mode: 0o755, uid: 0, gid: 0 }))
    this.#places.set(name, place)
    return place
  }

  /** The same for a folder that must be there; undefined when it is not. */
  existing(name: string): string | undefined {
    let missing = false
    const place = this.#walk(name, () => {
      missing = true
    })
    return missing ? undefined : place
  }

  #walk(name: string, onMissing: (path: string) => void): string {
    const tree: Walkable<{ readonly path: string; readonly target?: string }> = {
      root: { path: '' },
      child: (folder, part) => {
        const path = pathIn(folder.path, part)
        const present = this.stat(path)
        if (present?.isSymbolicLink()) return { path, target: readlinkSync(join(this.home, path)) }
        if (present === undefined) onMissing(path)
        else if (!present.isDirectory())
          throw bad(`something would be put below /${path}, which is not a folder`)
        return { path }
      },
      linkTarget: ({ target }) => target,
      isFolder: () => true,
    }
    const end = resolvePath(tree, name)
    if (end.outcome !== 'found') throw bad(`too many links on the way to /${name}`)
    return end.path
  }

  /** What is at a path itself, links not followed. */
  stat(path: string): Stats | undefined {
    try {
      return lstatSync(join(this.home, path), { throwIfNoEntry: false })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
      throw fileError('read', join(this.home, path), error)
    }
  }

  list(path: string): readonly string[] {
    return this.#do('read', path, (full) => readdirSync(full))
  }

  /** Removes whatever is there. */
  remove(path: string): void {
    this.#places.clear()
    this.#do('remove', path, (full) => rmSync(full, { recursive: true, force: true }))
  }

  /** Makes a folder that can be filled; `setMode` gives it its permissions when that is done. */
  placeFolder(path: string, { mode, uid, gid }: Ownership): void {
    if (this.stat(path)?.isDirectory() !== true) {
      this.#clear(path)
      this.#do('make', path, (full) => mkdirSync(full))
    }
    this.#do('make', path, (full) => {
      if (this.#isRoot) lchownSync(full, uid, gid)
      chmodSync(full, mode | 0o700)
    })
  }

  /** Gives a folder that is still one its permissions. */
  setMode(path: string, mode: number): void {
    // Each part of the path must still be what it was: chmod follows links.
    if (this.existing(path) !== path) return
    this.#do('set the permissions of', path, (full) => chmodSync(full, mode))
  }

  async placeFile(path: string, content: ByteStream, { mode, uid, gid }: Ownership): Promise<void> {
    this.#clear(path)
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    const file = this.#do('write', path, (full) =>
      openSync(full, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600),
    )
    try {
      for await (const chunk of content) this.#do('write', path, () => writeAll(file, chunk))
      this.#do('write', path, () => {
        if (this.#isRoot) fchownSync(file, uid, gid)
        fchmodSync(file, mode)
      })
    } finally {
      closeSync(file)
    }
  }

  placeSymlink(path: string, target: string, { uid, gid }: Ownership): void {
    this.#clear(path)
    this.#do('make', path, (full) => {
      symlinkSync(target, full)
      if (this.#isRoot) lchownSync(full, uid, gid)
    })
  }

  /** Gives a file a second name. Throws `bad-image` when there is no such file. */
  placeHardLink(path: string, target: string): void {
    if (path === target) return
    // What the link takes the place of is gone by then, with all that is in it.
    const stats = target.startsWith(`${path}/`) ? undefined : this.stat(target)
    if (stats === undefined || stats.isDirectory()) {
      throw bad(`/${path} is a hard link to /${target}, which is ${stats ? 'a folder' : 'not there'}`)
    }
    this.#clear(path)
    this.#do('make', path, (full) => linkSync(join(this.home, target), full))
  }

  #clear(path: string): void {
    if (this.stat(path) !== undefined) this.remove(path)
  }

  #do<T>(verb: string, path: string, work: (full: string) => T): T {
    const full = join(this.home, path)
    try {
      return work(full)
    } catch (error) {
      throw fileError(verb, full, error)
    }
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

function bad(what: string): TemperError {
  return new TemperError('bad-image', `A layer cannot be unpacked: ${what}`)
}
