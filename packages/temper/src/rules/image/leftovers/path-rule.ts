import { type Fault, nodePlace } from '../../../model/rule.ts'
import type { ImageSubject } from '../subject.ts'

/** The checking part of a rule that forbids files by their path. Folders alone are harmless. */
export function forbidPaths(
  forbidden: RegExp,
  what: string,
): (subject: Pick<ImageSubject, 'nodes'>) => Iterable<Fault> {
  return function* check({ nodes }) {
    for (const node of nodes)
      if (node.type !== 'directory' && forbidden.test(node.path))
        yield { place: nodePlace(node), found: what }
  }
}
