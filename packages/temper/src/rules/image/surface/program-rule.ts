import { type Fault, nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { isProgramPath } from '../../hardening/tools.ts'
import { entryOf } from '../entry.ts'
import type { ImageSubject, SubjectImage } from '../subject.ts'

/** What a rule against programs consists of: their names, and what they are called. */
export interface ProgramRuleOptions {
  /** Pattern that the file name has to match. */
  readonly names: RegExp
  /** "a network tool". */
  readonly what: string
  /** True when an image may have such a program if it is what the image starts. */
  readonly exceptEntry?: boolean
}

/** The programs of a tree whose names match a pattern, including links. */
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
    const entry = exceptEntry && image !== undefined ? entryNamed(subject, image, names) : undefined
    for (const node of programsNamed(subject, names)) {
      if (entry !== undefined && (node === entry || root.resolve(node.path) === entry)) continue
      yield { place: nodePlace(node), found: what }
    }
  }
}

/**
 * The program that the image starts, when it is called so itself: busybox is many programs, and an image whose shell is one
 * of them is for none of the others.
 */
function entryNamed(
  subject: Pick<ImageSubject, 'root'>,
  image: SubjectImage,
  names: RegExp,
): TreeNode | undefined {
  const { command, node } = entryOf(subject, image)
  const called = [command[0] ?? '', node?.path ?? ''].map((path) => path.slice(path.lastIndexOf('/') + 1))
  return called.some((name) => names.test(name)) ? node : undefined
}
