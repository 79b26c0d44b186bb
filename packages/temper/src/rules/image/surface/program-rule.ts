import { type Fault, nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { isProgramPath } from '../../hardening/tools.ts'
import { entryOf } from '../entry.ts'
import type { ImageSubject } from '../subject.ts'

/** What makes a rule against programs: names, told as what they are. */
export interface ProgramRuleOptions {
  /** What the file name has to be like. */
  readonly names: RegExp
  /** "a network tool". */
  readonly what: string
  /** True: the program that the image starts is what it is for. */
  readonly exceptEntry?: boolean
}

/** The programs of a tree whose names are like this, links among them. */
export function* programsNamed(
  { nodes, programFolders }: Pick<ImageSubject, 'nodes' | 'programFolders'>,
  names: RegExp,
): Generator<TreeNode> {
  for (const node of nodes) {
    if (node.type === 'directory' || !isProgramPath(node.path, programFolders)) continue
    if (names.test(node.path.slice(node.path.lastIndexOf('/') + 1))) yield node
  }
}

/** The checking part of a rule that forbids programs by their names. */
export function forbidPrograms({
  names,
  what,
  exceptEntry = false,
}: ProgramRuleOptions): (
  subject: Pick<ImageSubject, 'nodes' | 'root' | 'image' | 'programFolders'>,
) => Iterable<Fault> {
  return function* check(subject) {
    const { root, image } = subject
    const entry = exceptEntry && image !== undefined ? entryOf(subject, image).node : undefined
    for (const node of programsNamed(subject, names)) {
      if (entry !== undefined && (node === entry || root.resolve(node.path) === entry)) continue
      yield { place: nodePlace(node), found: what }
    }
  }
}
