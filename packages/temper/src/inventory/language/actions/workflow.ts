import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { type IndentedNode, readIndented, unquote } from '../indented.ts'

type Used = readonly (PackageFact | undefined)[]

/**
 * `uses` of jobs and steps in a workflow, and of the steps of a composite action (docs.github.com, "Workflow syntax"):
 * OWNER/REPOSITORY[/PATH]@REF. What lies in the repository itself (`./…`, `$/…`) is no package, and images (`docker://…`)
 * are none of a repository. REF is the version, also where it is a commit: what the comment behind it states, as people who
 * pin and the robots that update pins write it, is beside it as the qualifier `comment`, since nothing proves it.
 */
export function readUses(file: FileContent): LanguageFact | undefined {
  const text = decodeText(file.bytes)
  // JSON is YAML, and what programs write.
  const packages = distinct(/^\s*\{/.test(text) ? inFlow(text.trim()) : inLines(text))
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

function inLines(text: string): Used {
  return readIndented(text, { what: 'workflow' }).flatMap((node) => {
    if (node.key === 'runs') return below(node)
    // A job may have any name, also one of those whose content is not looked at.
    return node.key === 'jobs' ? [...inFlow(node.value), ...node.children.flatMap(below)] : []
  })
}

function below({ value, children }: IndentedNode): Used {
  return [...inFlow(plain(value)), ...children.flatMap(ofNode)]
}

/** What is handed to actions and jobs, and what they give, may have any names. */
const foreign: ReadonlySet<string> = new Set([
  ...['with', 'env', 'secrets', 'outputs', 'inputs', 'strategy', 'defaults', 'services', 'container'],
])

function ofNode(node: IndentedNode): Used {
  const key = unquote(plain(node.key.replace(/^(?:-\s+)+/, '')))
  const value = plain(node.value)
  const isBlock = /^[|>]/.test(value)
  if (key === 'uses') return [usedPackage(isBlock ? (node.children[0]?.key ?? '') : value)]
  // Blocks are scripts, which may write a workflow.
  if (isBlock || foreign.has(key)) return []
  return [...inFlow(`${key}: ${value}`), ...below(node)]
}

/** Without the name that others refer to it by (`&NAME`) or a tag: what refers to it names nothing new. */
function plain(text: string): string {
  return text.replace(/^(?:[&!]\S{1,200}\s+){1,3}/, '')
}

/** "{uses: actions/checkout@v4}", "[{name: a, 'uses': 'b/c@v1'}, …]". */
function inFlow(text: string): Used {
  if (!/^[[{]/.test(text)) return []
  const members = text.matchAll(/(?<=[{,[\s])(["']?)uses\1\s{0,100}:\s{0,100}["']?([^\s"',}\]]+)/g)
  return Array.from(members, ([, , used = '']) => usedPackage(used))
}

function usedPackage(text: string): PackageFact | undefined {
  if (text.length > 2000) return undefined
  // The end of a flow mapping over several lines may stand behind it.
  const [, written = '', comment = ''] = /^["']?([^\s"']+)["']?[\s,}\]]*(?:\s#(.*))?$/.exec(text.trim()) ?? []
  const use = written.replace(/[,}\]]+$/, '')
  const [, name, ref] = /^([\w.-]+\/[\w.-]+(?:\/[\w./-]*)?)@([^\s@]{1,200})$/.exec(use) ?? []
  if (name === undefined || ref === undefined || name.startsWith('.')) return undefined
  const [owner, repository, ...rest] = name.split('/')
  const path = rest.filter((each) => each !== '')
  const stated = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref) ? statedVersion(comment) : undefined
  return packageFact(`${owner}/${repository}`, ref, {
    ...(path.length === 0 ? {} : { subpath: path.join('/') }),
    ...(stated === undefined ? {} : { qualifiers: { comment: stated } }),
  })
}

/**
 * "v4.2.2", "tag=v4.2.2", "pin @v4", "renovate: tag=v4", "actions/checkout@v4", "ratchet:actions/checkout@v4", the page of
 * a release: as robots write it, and people.
 */
function statedVersion(comment: string): string | undefined {
  const before =
    /^(?:renovate:\s*)?(?:(?:tag|version|pin|ratchet:[\w./-]{1,200})\s*[=:@]?\s*@?|[\w.-]+\/[\w./-]{1,200}@|https:\/\/\S{1,200}\/tag\/|@)?/
  const rest = comment.trim().replace(before, '')
  const [, v = '', version] = /^(v?) ?(\d+(?:\.\d+){0,3}(?:[-+][\w.]{1,50})?)(?:[\s,;)]|$)/.exec(rest) ?? []
  return version === undefined ? undefined : `${v}${version}`
}
