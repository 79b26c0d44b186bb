import { glob } from '../../base/glob.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'

/** Most places of a pattern where `**` may also stand for no folder at all. */
const optionalFolders = 4

/**
 * Canonical paths of what a pattern matches, outermost first; without `*` and `?` that is the path itself, if it
 * exists. `*` and `?` match within a name, `**` across any number of folders. Links in the folders before the first
 * of them are followed.
 */
export function matchingPaths(root: Rootfs, pattern: string): readonly string[] {
  const parts = pattern.replace(/^\/+/, '').split('/')
  const first = parts.findIndex((part) => /[*?]/.test(part))
  if (first < 0) {
    const path = root.canonical(parts.join('/'))
    return root.get(path) === undefined ? [] : [path]
  }
  const folder = parts.slice(0, first).join('/')
  // The path of something in the folder leads through its own link, too.
  const base = folder === '' ? '' : root.canonical(`${folder}/x`).slice(0, -1)
  const globs = variants(parts.slice(first).join('/')).map((rest) => glob(rest))
  const matches: string[] = []
  for (const { path } of root.nodes())
    if (path.startsWith(base) && globs.some((fits) => fits(path.slice(base.length)))) matches.push(path)
  return matches
}

/** The pattern with each `**` as it is, and with the folders that it stands for left out. */
function variants(pattern: string): readonly string[] {
  let all = [`/${pattern}`]
  for (let round = 0; round < optionalFolders; round++)
    all = [...new Set(all.flatMap((text) => [text, text.replace('/**/', '/')]))]
  return all.map((text) => text.slice(1))
}
