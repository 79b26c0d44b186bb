import { isNodeBuild } from '../../../model/package/node-build.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { variableOf } from '../environment.ts'
import type { ImageSubject } from '../subject.ts'

/** A runtime that no distribution maintains. */
export interface Runtime {
  /** The name that `runtimeEnds` has for it. */
  readonly name: string
  readonly version: string
  /** The file that shows that it is there. */
  readonly node?: TreeNode
}

/** Variables that official images set, and the program that has to be there for it to count. */
const variables: readonly (readonly [name: string, variable: string, program: RegExp])[] = [
  ['Node.js', 'NODE_VERSION', /^(?:usr\/local|opt\/[^/]+)\/bin\/node$/],
  ['Ruby', 'RUBY_VERSION', /^(?:usr\/local|opt\/[^/]+)\/bin\/ruby$/],
  ['PHP', 'PHP_VERSION', /^usr\/local\/(?:s?bin)\/php(?:-fpm)?$/],
  ['Java', 'JAVA_VERSION', /^(?:opt|usr\/local)\/[^/]+(?:\/[^/]+)?\/bin\/java$/],
]

/** Folders that name the version of the runtime that they belong to. */
const folders: readonly (readonly [name: string, path: RegExp])[] = [
  ['Python', /^(?:usr\/local|opt\/[^/]+)\/lib\/python(3\.\d{1,2})\/os\.py$/],
  [
    '.NET',
    /^(?:usr\/share|usr\/lib|usr\/lib64|opt)\/dotnet\/shared\/Microsoft\.NETCore\.App\/([\d.]{1,20})\/System\.Private\.CoreLib\.dll$/,
  ],
]

/** The runtimes of an image that no distribution maintains; a distribution keeps fixing its own old ones. */
export function runtimesOf({ nodes, image, ownerOf, inventory }: ImageSubject): Runtime[] {
  const runtimes: Runtime[] = []
  const isForeign = ({ path }: TreeNode) => !distributions.has(ownerOf(path)?.type ?? '')
  for (const node of nodes) {
    if (node.type === 'directory' || !/^(?:usr|opt)\//.test(node.path)) continue
    for (const [name, pattern] of folders) {
      const version = pattern.exec(node.path)?.[1]
      if (version !== undefined && isForeign(node)) runtimes.push({ name, version, node })
    }
    for (const [name, variable, program] of variables) {
      if (!program.test(node.path)) continue
      const version = image === undefined ? undefined : variableOf(image.settings, variable)
      if (version !== undefined && isForeign(node))
        runtimes.push({ name, version: version.replace(/^[^\d]+/, ''), node })
    }
  }
  for (const { version } of inventory.components.filter(isNodeBuild))
    runtimes.push({ name: 'Node.js', version })
  const go = inventory.components.filter(({ type, name }) => type === 'golang' && name === 'stdlib')
  for (const version of new Set(
    go.filter(({ broughtBy }) => broughtBy === undefined).map((each) => each.version),
  ))
    runtimes.push({ name: 'Go', version })
  return runtimes
}

const distributions: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm'])
