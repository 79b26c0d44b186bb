import { isMap } from 'yaml'
import { parseYaml } from './document.ts'
import { ProblemList } from './problem.ts'
import type { YamlNode } from './yaml-node.ts'

/** A key of a text that decides which other texts are read. */
export interface FirstKey {
  /** Absent when the text does not have the key. */
  readonly node: YamlNode | undefined
  readonly problems: ProblemList
}

/** Finds a top-level key of a text before the whole text is read. Throws `bad-recipe` for what is not YAML. */
export function firstKey(source: { readonly text: string; readonly file: string }, name: string): FirstKey {
  const problems = new ProblemList(source.file, source.text)
  const root = parseYaml(source.text, problems)
  problems.throwIfAny()
  const node = isMap(root) ? (root.get(name, true) as YamlNode | undefined) : undefined
  return { node, problems }
}
