import { createHash } from 'node:crypto'
import { firstEdges, type NpmGraph, type NpmPlacement } from './graph.ts'

/** Longest name of a folder below `.pnpm`, as pnpm has it for Linux. */
const longest = 120

/**
 * Lays packages out as pnpm does: each in a folder of its own below `node_modules/.pnpm`, with links to just what it
 * needs beside it; the project has links to what it needs itself; and for packages that need what they do not name,
 * `.pnpm/node_modules` has a link to one version of everything. Packages of the project's own, which pnpm links to where
 * they are, have theirs where their files are to be, in node_modules: a project is then complete in one folder.
 */
export function layIsolated({ nodes, roots, own = [] }: NpmGraph): readonly NpmPlacement[] {
  const folderOf = (key: string) => `node_modules/.pnpm/${folderName(key)}/node_modules`
  const links = new Map<string, Set<string>>([...nodes.keys()].map((key) => [key, new Set()]))
  for (const { name, key } of roots) links.get(key)?.add(`node_modules/${name}`)
  for (const { name: owner, needs } of own)
    for (const { name, key } of needs) links.get(key)?.add(`node_modules/${owner}/node_modules/${name}`)
  // A package that needs another version of itself has that one instead of itself, which Node does not look for.
  for (const node of nodes.values())
    for (const { name, key } of node.needs)
      if (name !== node.name) links.get(key)?.add(`${folderOf(node.key)}/${name}`)
  for (const [name, key] of hoisted({ nodes, roots, own }))
    links.get(key)?.add(`node_modules/.pnpm/node_modules/${name}`)
  return [...nodes.values()].map((node) => {
    const place = `${folderOf(node.key)}/${node.name}`
    const others = [...(links.get(node.key) ?? [])].filter((link) => link !== place)
    return { node, place, links: others.sort() }
  })
}

/** By name the package that is needed at the least depth; of these the first by its key. */
function hoisted({ nodes, roots, own = [] }: NpmGraph): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const seen = new Set<string>()
  for (let level = firstEdges({ roots, own }).map(({ key }) => key); level.length > 0; ) {
    const next: { readonly name: string; readonly key: string }[] = []
    for (const key of new Set(level)) {
      if (seen.has(key)) continue
      seen.add(key)
      next.push(...(nodes.get(key)?.needs ?? []))
    }
    next.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    const direct = new Set(roots.map(({ name }) => name))
    for (const { name, key } of next) if (!keys.has(name) && !direct.has(name)) keys.set(name, key)
    level = next.map(({ key }) => key)
  }
  return keys
}

/** The key as the name of a folder; what is long, or has capitals, ends in a digest of it instead. */
export function folderName(key: string): string {
  const flat = key
    .replace(/^\//, '')
    .replace(/\)$/, '')
    .replace(/\)\(|\(|\)/g, '_')
    .replace(/[^\w@.+~-]/g, '+')
  if (flat.length <= longest && flat === flat.toLowerCase()) return flat
  const digest = createHash('sha256').update(flat).digest('hex').slice(0, 32)
  return `${flat.slice(0, longest - 33)}_${digest}`
}
