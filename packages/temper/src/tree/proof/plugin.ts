import type { TreeNode } from '../../model/tree/file-tree.ts'
import { type NeedFault, unmetNeed } from './need.ts'
import { type ProofSubject, resolveFile } from './subject.ts'

/** Checks that what a configuration loads at run time exists. There is one check for each kind of program. */
export interface PluginCheck {
  readonly id: string
  /** Whether the check reads the file at this path in the image. */
  reads(path: string): boolean
  check(subject: ProofSubject): Iterable<NeedFault>
}

/** The text of a configuration file that a path leads to, and where the file really is. */
export interface PluginConfiguration {
  readonly node: TreeNode
  readonly text: string
}

/**
 * Reads a configuration file; undefined when there is none. A file whose content was not kept breaks the rule, since
 * what it configures cannot be proved.
 */
export function* readConfiguration(
  subject: ProofSubject,
  path: string,
): Generator<NeedFault, PluginConfiguration | undefined> {
  const node = resolveFile(subject.root, path)
  if (!node) return undefined
  const text = subject.read(node)
  if (text !== undefined) return { node, text }
  yield unmetNeed({
    kind: 'plugin',
    by: node,
    need: 'its content',
    found: `may configure plug-ins, and its content was not kept to check them`,
  })
  return undefined
}

/** Reads every file of a folder whose name has the given ending, in order of name. */
export function* readConfigurations(
  subject: ProofSubject,
  folder: string,
  suffix: string,
): Generator<NeedFault, PluginConfiguration[]> {
  const configurations: PluginConfiguration[] = []
  const real = subject.root.resolve(folder)
  if (real?.type !== 'directory') return configurations
  for (const name of subject.root.list(real.path)) {
    if (!name.endsWith(suffix)) continue
    const configuration = yield* readConfiguration(subject, `${folder}/${name}`)
    if (configuration) configurations.push(configuration)
  }
  return configurations
}

export interface NamedPlugin {
  /** The configuration that names it. */
  readonly node: TreeNode
  /** The name as it is written there. */
  readonly name: string
  /** Where it may be: absolute paths, or paths from the root. */
  readonly candidates: readonly string[]
}

/** Reports a missing plug-in unless one of the candidates is a file. */
export function* requirePlugin(
  subject: ProofSubject,
  { node, name, candidates }: NamedPlugin,
): Generator<NeedFault> {
  if (candidates.some((path) => resolveFile(subject.root, path) !== undefined)) return
  const [first = name] = candidates
  const need = first.startsWith('/') ? first : `/${first}`
  yield unmetNeed({
    kind: 'plugin',
    by: node,
    need,
    provider: subject.whoHas(need),
    found: `names the plug-in ${name}, which is not in the image`,
  })
}

/** The lines of a configuration without comments and blank lines. */
export function configurationLines(text: string, comment = /#.*/s): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(comment, '').trim())
    .filter((line) => line !== '')
}
