import { isBelow } from '../../model/hardening/declared-paths.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { supplementaryGroups } from './accounts-file.ts'
import { type Ballast, ballastOf } from './ballast.ts'
import { unusedCharacterSets } from './character-sets.ts'
import type { HardeningSubject } from './subject.ts'
import { toolsOf } from './tool-identity.ts'

export interface TreeSubjectOptions extends Pick<HardeningSubject, 'user' | 'packageOf'> {
  /** Paths that are meant to be writable, with everything below them; trailing slashes do not matter. */
  readonly declared: readonly string[]
  /** Locales that the image is meant to have, besides C.UTF-8. */
  readonly locales?: readonly string[]
  /** Folders of the image's PATH, as they are written there. */
  readonly searchPath?: readonly string[]
}

/** Makes the subject of the hardening rules from a finished tree, looking at each node once. */
export function treeSubject(
  root: FileTree,
  { user, declared, locales, searchPath = [], packageOf }: TreeSubjectOptions,
): HardeningSubject {
  const content = (path: string) => root.resolve(path)?.content ?? new Uint8Array()
  const nodes = [...root.nodes()]
  const ballast = new Map<TreeNode, Ballast>()
  const programFolders = new Set(searchPath.map((folder) => folder.replace(/^\/+|\/+$/g, '')))
  const unused = unusedCharacterSets(root, locales)
  for (const node of nodes) {
    if (node.type === 'directory') continue
    const reason = ballastOf(node.path, node.type) ?? unused?.(node)
    if (reason !== undefined) ballast.set(node, reason)
  }
  const files = { passwd: content('etc/passwd'), group: content('etc/group') }
  return {
    root,
    nodes,
    ballast,
    tools: toolsOf({ root, nodes, programFolders, packageOf }),
    programFolders,
    ...(user === undefined ? {} : { user }),
    groups: user === undefined ? new Set() : supplementaryGroups(user.uid, files),
    isDeclared: isBelow(declared),
    packageOf,
  }
}
