import type { LoaderRules } from '../../model/loader.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { linkChain } from '../../model/tree/look-up.ts'
import { nameOf, parentOf } from '../../model/tree/path.ts'
import { ballastOf } from '../../rules/hardening/ballast.ts'
import { toolKind } from '../../rules/hardening/tools.ts'
import type { Candidates } from './candidates.ts'
import type { Owners } from './owners.ts'
import type { Started } from './runtime.ts'

/** What is kept: path → why, as a phrase that completes "it stays: ". */
export type Kept = Map<string, string>

/** Programs that no package brought, for which it cannot be ruled out that they are started. */
export function ownPrograms(
  root: FileTree,
  started: Started,
  { owners, isDatabase }: { readonly owners: Owners; readonly isDatabase: (path: string) => boolean },
): readonly TreeNode[] {
  const own = [...root.nodes()].filter(
    (node) =>
      node.type === 'file' &&
      !isDatabase(node.path) &&
      owners.of(node.path) === undefined &&
      (node.elf?.kind === 'executable' || (node.shebang !== undefined && (node.mode & 0o111) !== 0)) &&
      // A tool is what is to be judged.
      toolKind(node.path) === undefined,
  )
  const named = [...started.files.values()].map(({ node }) => node)
  return [...new Set([...named, ...own])]
}

/** The candidates that programs which an image starts, or may start, are seen to need. */
export function neededBy(
  programs: readonly TreeNode[],
  about: {
    readonly root: FileTree
    readonly candidates: Candidates
    readonly started: Started
    /** Texts of scripts among the programs, by path. */
    readonly texts: ReadonlyMap<string, string>
    readonly loader: LoaderRules
  },
): Kept {
  const { root, candidates, started, texts } = about
  const kept: Kept = new Map()
  for (const [path, { by, names }] of started.files)
    if (candidates.has(path)) keep(root, path, kept, `${by} starts it`, names)
  const asked = new Set<TreeNode>()
  for (const node of programs) {
    const program = interpreterOf(node, started)
    if (program === undefined) continue
    if (program !== node) keep(root, program.path, kept, `/${node.path} is a script for it`, node.shebang)
    if (toolKind(program.path) !== 'shell') asked.add(program)
  }
  for (const program of asked) {
    const reason = shellReason(program, about)
    if (reason === undefined) continue
    keep(root, 'bin/sh', kept, reason)
    break
  }
  const written = [...[...texts].map(([path, text]) => ({ text, by: `/${path}` })), ...started.texts]
  for (const { text, by } of written) keepNamed(text, by, { root, candidates, kept })
  return kept
}

/** The program that runs a file: itself, or the interpreter that its first line names. */
function interpreterOf(node: TreeNode, { reach }: Started): TreeNode | undefined {
  const [interpreter, argument] = node.shebang ?? []
  if (interpreter === undefined) return node.elf === undefined ? undefined : node
  return reach.program(argument ?? interpreter) ?? reach.program(interpreter)
}

function shellReason(
  program: TreeNode,
  { started, loader }: { readonly started: Started; readonly loader: LoaderRules },
): string | undefined {
  for (const { path, elf } of started.reach.loaded(program)) {
    if (elf === undefined || loader.cLibrary.test(nameOf(path))) continue
    const how = elf.asksForShell ? 'by system(3) or popen(3)' : elf.namesShell ? 'by its path' : undefined
    if (how === undefined) continue
    return path === program.path
      ? `/${path} may start it ${how}`
      : `/${path}, which /${program.path} loads, may start it ${how}`
  }
  return undefined
}

/** Keeps what a path names: every link on the way, and what they lead to. */
export function keep(
  root: FileTree,
  path: string,
  kept: Kept,
  why: string,
  names: readonly string[] = [],
): void {
  for (const start of [path, ...names.filter((name) => name.startsWith('/'))])
    for (const node of linkChain(root, start)) if (!kept.has(node.path)) kept.set(node.path, why)
}

/** A script may start what it names, and read what it names by its path. */
function keepNamed(
  text: string,
  by: string,
  {
    root,
    candidates,
    kept,
  }: { readonly root: FileTree; readonly candidates: Candidates; readonly kept: Kept },
): void {
  const words = new Set(text.split(/[^\w.+-]+/))
  const paths = new Set(text.match(/\/[\w.+-]+(?:\/[\w.+-]+)+/g) ?? [])
  for (const path of candidates.keys()) {
    const why = `${by} names it`
    if (toolKind(path) !== undefined && words.has(nameOf(path))) keep(root, path, kept, why)
    else if (paths.has(`/${path}`)) keep(root, path, kept, why)
    else
      for (let above = parentOf(path); above !== ''; above = parentOf(above))
        if (paths.has(`/${above}`) && ballastOf(above, 'directory') !== undefined)
          keep(root, path, kept, `${by} names /${above}`)
  }
}
