import { TemperError } from '../../base/error.ts'
import { itemsOf, type JsonObject, textOf } from '../../base/json/value.ts'
import type { Architecture } from '../../model/platform.ts'

export interface NpmEnvironment {
  readonly architecture: Architecture
  readonly libc: 'glibc' | 'musl'
  /** Whether what only development needs is wanted, too. */
  readonly dev?: boolean
}

/** A package of npm that a lock file names, once for each set of packages that it sees. */
export interface NpmNode {
  /** Of the lock file: "react-dom@18.3.1(react@18.3.1)". */
  readonly key: string
  /** The real name, whatever an alias calls it. */
  readonly name: string
  readonly version: string
  /** "sha512:<hex>", of which one has to hold, or "sha1:<hex>" alone; none: see `noDigest`. */
  readonly hashes: readonly string[]
  /** What to do where there are no digests. */
  readonly noDigest: string
  /** Of the tarball; absent: where the registry has it. */
  readonly url?: string
  readonly needs: readonly NpmEdge[]
  /** Names that it takes from whoever needs it. */
  readonly peers: readonly string[]
  /** Whether it is for such a machine; absent: the lock file does not say. */
  readonly fits?: boolean
  readonly hasInstallScript: boolean
  /** For errors. */
  readonly where: string
}

export interface NpmEdge {
  /** By which it is required: an alias, or the package's own name. */
  readonly name: string
  readonly key: string
  readonly isOptional: boolean
}

/** What a lock file says of a project: its packages, and which of them it needs itself to run. */
export interface NpmGraph {
  readonly nodes: ReadonlyMap<string, NpmNode>
  readonly roots: readonly NpmEdge[]
  /** Packages of the project's own that it needs. Absent: none. */
  readonly own?: readonly OwnPackage[]
}

/** A package of the project itself, no registry's: its files are to lie in node_modules below its name. */
export interface OwnPackage {
  /** By which it is required. */
  readonly name: string
  /** Below the folder of the lock file: "packages/own". */
  readonly folder: string
  readonly needs: readonly NpmEdge[]
}

/** A package as it is laid out. */
export interface NpmPlacement {
  readonly node: NpmNode
  /** Folder below that of the application: "node_modules/a/node_modules/b". */
  readonly place: string
  /** Links below that of the application by which others find it; absent: they look for the folder itself. */
  readonly links?: readonly string[]
}

/** Where package.json, and lock files like it, list what is needed; a name in a later group is of that group. */
export type ManifestGroup = 'dependencies' | 'devDependencies' | 'optionalDependencies'

/** Of a package that others need. */
export const neededGroups: readonly ManifestGroup[] = ['dependencies', 'optionalDependencies']

/** Of the project itself. */
export function rootGroups({ dev }: Pick<NpmEnvironment, 'dev'>): readonly ManifestGroup[] {
  return dev === true ? ['devDependencies', ...neededGroups] : neededGroups
}

/** Names that registries have, some of them of old; none is "." or "..", nor begins with a dot where npm keeps its own. */
const namePattern = /^(?!\.)(?:@(?!\.{1,2}\/)[a-zA-Z0-9~_.-]{1,214}\/)?(?!\.{1,2}$)[a-zA-Z0-9~_.-]{1,214}$/

/** Whether it can be the name of a folder below node_modules. */
export function isPackageName(name: string): boolean {
  return namePattern.test(name) && name !== 'node_modules' && name.length <= 214
}

/** Throws `bad-recipe` for what no registry has. */
export function checkIdentity(about: {
  readonly name: string
  readonly version: string
  readonly where: string
}): void {
  const { name, version, where } = about
  if (isPackageName(name) && /^[\w.+-]{1,200}$/.test(version)) return
  const identity = JSON.stringify(`${name}@${version}`.slice(0, 120))
  throw new TemperError(
    'bad-recipe',
    `${where}: expected the name and version of a package, found ${identity}`,
    {
      hint: unverifiable,
    },
  )
}

/** What to do with a folder that a lock file names, and that is none of the packages of its workspace. */
export const ownFiles =
  'A folder of your own has no digest in the lock file: make it a package of the workspace, add its files under contents.files, or make node_modules in a build step.'

export const unverifiable =
  'Folders and repositories cannot be verified: add them under contents.files, or build them in a step.'

/** Subresource integrity, as "sha512:<hex>"; what is unknown is left out, and SHA-1 where there is a better one. */
export function integrityHashes(text: string): readonly string[] {
  const hashes = text.split(/\s+/).flatMap((each) => {
    const [, algorithm, value = ''] =
      /^(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]{27,100}={0,2})$/.exec(each) ?? []
    const bytes = Buffer.from(value, 'base64')
    if (algorithm === undefined || (algorithm === 'sha1' ? bytes.length !== 20 : value.length < 40)) return []
    return [`${algorithm}:${bytes.toString('hex')}`]
  })
  const strong = hashes.filter((hash) => !hash.startsWith('sha1:'))
  return strong.length > 0 ? strong : hashes
}

const nodeNames: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' }

/** package.json's os, cpu and libc: lists of names, or of names that begin with "!". */
export function fitsMachine(entry: JsonObject, { architecture, libc }: NpmEnvironment): boolean {
  const asked = [
    ['os', 'linux'],
    ['cpu', nodeNames[architecture]],
    ['libc', libc],
  ] as const
  return asked.every(([key, own]) => {
    const value = entry[key]
    const names = (typeof value === 'string' ? [value] : itemsOf(value)).flatMap((each) => textOf(each) ?? [])
    if (names.includes(`!${own}`)) return false
    const wanted = names.filter((name) => !name.startsWith('!'))
    return wanted.length === 0 || wanted.includes(own) || wanted.includes('any')
  })
}

/** What roots lead to: packages that only development needs are not even read. `undefined`: the lock lacks it. */
export function graphFrom(
  { roots, own = [] }: Omit<NpmGraph, 'nodes'>,
  read: (key: string) => NpmNode | undefined,
): NpmGraph {
  const nodes = new Map<string, NpmNode>()
  const queue = firstEdges({ roots, own }).map(({ key }) => key)
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const node = nodes.has(key) ? undefined : read(key)
    if (node === undefined) continue
    nodes.set(key, node)
    queue.push(...node.needs.map((edge) => edge.key))
  }
  return { nodes, roots, own }
}

/** What the project needs, and its own packages do. */
export function firstEdges({ roots, own = [] }: Omit<NpmGraph, 'nodes'>): readonly NpmEdge[] {
  return [...roots, ...own.flatMap(({ needs }) => needs)]
}

/**
 * What of a graph is installed: everything that the project leads to, less optional packages for other machines, and what only
 * they need. Packages that are needed and for other machines throw `bad-recipe`.
 */
export function installedPart(graph: NpmGraph, fits: (node: NpmNode) => boolean): NpmGraph {
  const nodes = new Map<string, NpmNode>()
  const kept = (edges: readonly NpmEdge[], by: string): readonly NpmEdge[] =>
    edges.filter(({ key, name, isOptional }) => {
      const node = graph.nodes.get(key)
      if (node !== undefined && fits(node)) return true
      if (isOptional) return false
      const problem =
        node === undefined
          ? `${by}: it needs ${name.slice(0, 214)}, which the lock file does not have (${key.slice(0, 300)})`
          : `${node.where}: it is for other platforms, and ${by} cannot do without it`
      const hint = 'Update the lock file with the program that made it.'
      throw new TemperError('bad-recipe', problem, node === undefined ? { hint } : {})
    })
  const roots = kept(graph.roots, 'the project')
  const own = (graph.own ?? []).map(({ name, folder, needs }) => ({
    name,
    folder,
    needs: kept(needs, folder),
  }))
  const queue = firstEdges({ roots, own }).map(({ key }) => key)
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const node = graph.nodes.get(key)
    if (node === undefined || nodes.has(key)) continue
    if (node.hashes.length === 0)
      throw new TemperError('bad-recipe', `${node.where}: expected a digest of the package, found none`, {
        hint: node.noDigest,
      })
    const needs = kept(node.needs, node.where)
    nodes.set(key, { ...node, needs })
    queue.push(...needs.map((edge) => edge.key))
  }
  return { nodes, roots, own }
}

/** Packages that nothing needs other than as an option: only these may be missing on a machine. */
export function optionalOnly(graph: NpmGraph): readonly NpmNode[] {
  const needed = new Set<string>()
  const queue = [...firstEdges(graph)]
  for (let edge = queue.pop(); edge !== undefined; edge = queue.pop()) {
    if (edge.isOptional || needed.has(edge.key)) continue
    needed.add(edge.key)
    queue.push(...(graph.nodes.get(edge.key)?.needs ?? []))
  }
  return [...graph.nodes.values()].filter(({ key }) => !needed.has(key))
}
