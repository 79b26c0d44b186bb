/** Number of symlinks that one look-up may follow, as in Linux; one more is ELOOP (path_resolution(7)). */
export const linkLimit = 40

/** The operations that following a path needs from a tree. A place is the tree's own identification of an object. */
export interface Walkable<Place> {
  readonly root: Place
  /** The object of that name in a folder, without following it; undefined when there is none. */
  child(folder: Place, name: string): Place | undefined
  /** Text of a symlink; undefined for everything else. */
  linkTarget(place: Place): string | undefined
  isFolder(place: Place): boolean
}

/** Where a path leads. Paths have no leading slash and no links in them; the root is "". */
export type Resolution<Place> =
  | { readonly outcome: 'found'; readonly path: string; readonly place: Place }
  /** ENOENT: there is nothing at `path`; `rest` was still to be walked, as written. */
  | { readonly outcome: 'missing'; readonly path: string; readonly rest: readonly string[] }
  /** ENOTDIR: the object at `path` is not a folder, and `rest` was still to be walked from there. */
  | { readonly outcome: 'not-a-folder'; readonly path: string; readonly rest: readonly string[] }
  /** ELOOP: the link at `path` was one too many. */
  | { readonly outcome: 'loop'; readonly path: string }

export interface FollowOptions {
  /** Whether a symlink at the very end is followed, as stat does it, or not, as lstat does. Default true. */
  readonly followLast?: boolean
  /** Called with the number of names that a link adds to the path, so that endless paths can be stopped. */
  readonly onLink?: (names: number) => void
}

/**
 * Follows a path from the root as Linux does (path_resolution(7)): absolute links start again at the root, `..` of
 * the root is the root, and `..` of a folder that was reached through a link is the folder above the real one.
 */
export function resolvePath<Place>(
  tree: Walkable<Place>,
  path: string,
  options: FollowOptions = {},
): Resolution<Place> {
  const { followLast = true, onLink } = options
  const pending = path.split('/').reverse()
  const parts: string[] = []
  const above: Place[] = []
  let place = tree.root
  let links = 0
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    // A slash at the end asks for a folder too.
    if (!tree.isFolder(place))
      return { outcome: 'not-a-folder', path: parts.join('/'), rest: [name, ...pending.reverse()] }
    if (name === '' || name === '.') continue
    if (name === '..') {
      parts.pop()
      place = above.pop() ?? tree.root
      continue
    }
    const next = tree.child(place, name)
    if (next === undefined)
      return { outcome: 'missing', path: [...parts, name].join('/'), rest: pending.reverse() }
    const target = tree.linkTarget(next)
    if (target === undefined || (!followLast && pending.length === 0)) {
      parts.push(name)
      above.push(place)
      place = next
      continue
    }
    if (++links > linkLimit) return { outcome: 'loop', path: [...parts, name].join('/') }
    if (target.startsWith('/')) {
      parts.length = 0
      above.length = 0
      place = tree.root
    }
    const names = target.split('/')
    onLink?.(names.length)
    for (let last = names.length - 1; last >= 0; last--) pending.push(names[last] ?? '')
  }
  return { outcome: 'found', path: parts.join('/'), place }
}
