import type { RootNode, RootView } from '../../model/root.ts'
import { createHole, type Hole } from './hole.ts'
import { nameOf, type ProofSubject } from './subject.ts'

export interface DanglingSymlink {
  readonly node: RootNode
  /** Where following it ended: the absolute path that does not exist; undefined for a circle of links. */
  readonly missing?: string
}

/** As many symlinks as Linux follows in one look-up (path_resolution(7)). */
const maximumLinks = 40

/** What the kernel and the container runtime put there when the container starts. */
const volatileFolders = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/tmp']

/**
 * Symlinks that lead nowhere, in order of path. Links into folders that are filled only when the container
 * runs are fine: /proc, /sys, /dev, /run, /tmp, and those given as `filledLater` (volumes).
 */
export function danglingSymlinks(
  root: RootView,
  options: { readonly filledLater?: readonly string[] } = {},
): DanglingSymlink[] {
  const later = [
    ...volatileFolders,
    ...(options.filledLater ?? []).map((path) => path.replace(/^\/+|\/+$/g, '')),
  ]
  const dangling: DanglingSymlink[] = []
  for (const node of root.nodes()) {
    if (node.type !== 'symlink' || root.resolve(node.path) !== undefined) continue
    const missing = followToEnd(root, node.path)
    if (
      missing !== undefined &&
      later.some((folder) => missing === folder || missing.startsWith(`${folder}/`))
    )
      continue
    dangling.push(missing === undefined ? { node } : { node, missing: `/${missing}` })
  }
  return dangling
}

/** Every symlink has its target. */
export function* proveSymlinks(subject: ProofSubject): Generator<Hole> {
  for (const { node, missing } of danglingSymlinks(subject.root, { filledLater: subject.recipe.volumes })) {
    const target = node.target ?? ''
    const problem =
      missing === undefined
        ? `/${node.path} is a symlink that leads in a circle`
        : `/${node.path} is a symlink to ${target}, and ${missing} is not in the image`
    yield createHole({
      kind: 'symlink',
      file: node.path,
      need: missing ?? target,
      provider: missing === undefined ? undefined : subject.whoHas(nameOf(missing)),
      problem,
    })
  }
}

/** The path, links followed, at which the walk first meets nothing; undefined in a circle of links. */
function followToEnd(root: RootView, path: string): string | undefined {
  const pending = path.split('/').reverse()
  let done: string[] = []
  let links = 0
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      continue
    }
    const here = [...done, name].join('/')
    const node = root.get(here)
    if (!node) return [here, ...pending.reverse().filter((part) => part !== '')].join('/')
    if (node.type !== 'symlink') {
      done.push(name)
      continue
    }
    if (++links > maximumLinks) return undefined
    const target = node.target ?? ''
    if (target.startsWith('/')) done = []
    pending.push(...target.split('/').reverse())
  }
  return undefined
}
