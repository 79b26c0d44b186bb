import type { RelaxableRule } from '../../model/recipe.ts'
import { type Fault, nodePlace } from '../../model/rule.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { HardeningSubject } from './subject.ts'
import { isProgramPath, type ToolKind, toolRules } from './tools.ts'

/** What a rule against kinds of programs consists of. */
export interface ToolRuleOptions {
  /** The rule that forbids the kinds of programs. */
  readonly rule: RelaxableRule
  /** Packages whose every program is such a tool, whatever name it was given. */
  readonly packages: readonly string[]
}

/** The checking part of a rule that forbids programs: by path, by where a link leads, and by origin. */
export function forbidTools({
  rule,
  packages,
}: ToolRuleOptions): (subject: HardeningSubject) => Iterable<Fault> {
  const isForbidden = (kind: ToolKind) => toolRules[kind] === rule
  const origins = new Set(packages)
  return function* check({ root, nodes, tools, packageOf, programFolders }) {
    for (const node of nodes) {
      const kind = tools.get(node)
      if (kind !== undefined && isForbidden(kind)) {
        yield { place: nodePlace(node), found: `a ${kind}` }
      } else if (node.type === 'symlink') {
        const real = mayBeStarted(node.path, programFolders) ? root.resolve(node.path) : undefined
        const behind = real && tools.get(real)
        if (behind !== undefined && isForbidden(behind)) {
          yield { place: nodePlace(node), found: `a link to the ${behind} /${real?.path}` }
        }
      } else if (isProgram(node)) {
        const name = packageOf(node)
        // Something of such a package, and not the tool itself: bash brings clear_console.
        if (name !== undefined && origins.has(name))
          yield { place: nodePlace(node), found: `a program of the package ${name}`, level: 'warning' }
      }
    }
  }
}

function mayBeStarted(path: string, folders: ReadonlySet<string>): boolean {
  return isProgramPath(path, folders) || /(^|\/)alternatives\/[^/]+$/.test(path)
}

function isProgram(node: TreeNode): boolean {
  return (node.mode & 0o111) !== 0 && node.elf?.kind === 'executable'
}
