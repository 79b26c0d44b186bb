import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { flowMember, type IndentedNode, readIndented, unquote } from '../indented.ts'

/**
 * `uses` of jobs and steps in a workflow, and of the steps of a composite action (docs.github.com, "Workflow syntax"):
 * OWNER/REPOSITORY[/PATH]@REF. What lies in the repository itself (`./…`) is no package, and images (`docker://…`) are none
 * of a repository. REF is the version, also where it is a commit: what the comment behind it states, as people who pin and
 * the robots that update pins write it, is beside it as the qualifier `comment`, since nothing proves it.
 */
export function readUses(file: FileContent): LanguageFact | undefined {
  const used: (PackageFact | undefined)[] = []
  for (const node of readIndented(decodeText(file.bytes), { what: 'workflow' }))
    if (node.key === 'jobs' || node.key === 'runs') collect(node, used)
  const packages = distinct(used)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

function collect(node: IndentedNode, used: (PackageFact | undefined)[]): void {
  // Lines of a script, which may write a workflow.
  if (/^[|>]/.test(node.value)) return
  const key = unquote(node.key.replace(/^(?:-\s+)+/, ''))
  if (key === 'uses') used.push(usedPackage(node.value))
  else used.push(...inFlow(node))
  for (const child of node.children) collect(child, used)
}

/** "- {uses: actions/checkout@v4}" */
function inFlow({ key, value }: IndentedNode): readonly (PackageFact | undefined)[] {
  const text = `${key}: ${value}`.replace(/^(?:-\s+)+/, '')
  const used = flowMember(text.trim(), 'uses')
  return used === undefined ? [] : [usedPackage(used)]
}

function usedPackage(text: string): PackageFact | undefined {
  const [, quoted = '', comment = ''] = /^(\S+)(?:\s+#(.*))?$/.exec(text.trim()) ?? []
  const [, name, ref] = /^([\w.-]+\/[\w.-]+(?:\/[\w./-]+)?)@([^\s@]{1,200})$/.exec(unquote(quoted)) ?? []
  if (name === undefined || ref === undefined || name.startsWith('.')) return undefined
  const [owner, repository, ...path] = name.split('/')
  const stated = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref) ? statedVersion(comment) : undefined
  return packageFact(`${owner}/${repository}`, ref, {
    ...(path.length === 0 ? {} : { subpath: path.join('/') }),
    ...(stated === undefined ? {} : { qualifiers: { comment: stated } }),
  })
}

/** "v4.2.2", "tag=v4.2.2", "pin@v4", "ratchet:actions/checkout@v4": as robots write it, and people. */
function statedVersion(comment: string): string | undefined {
  const [, version] =
    /^\s*(?:(?:tag|version|pin|ratchet:[\w./-]{1,200})\s*[=:@]?\s*)?(v?\d+(?:\.\d+){0,3}(?:[-+][\w.]{1,50})?)(?:[\s,;)]|$)/.exec(
      comment,
    ) ?? []
  return version
}
