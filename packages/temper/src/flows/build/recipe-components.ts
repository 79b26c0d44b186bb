import { bytesOf } from '../../base/bytes.ts'
import type { FoundFact } from '../../inventory/cataloguer.ts'
import type { Component } from '../../model/inventory.ts'
import type { RootNode, RootView } from '../../model/root.ts'

/**
 * The language packages that files of the recipe contain: an application's modules, its locks, its binaries. Those
 * inside the distribution's packages are part of these, and are not listed twice. Sorted by type, name and version.
 */
export async function recipeComponents(root: RootView): Promise<readonly Component[]> {
  const files = [...root.nodes()].filter(
    ({ type, origin, content }) => type === 'file' && origin.kind === 'recipe' && content !== undefined,
  )
  // What reads manifests is only loaded for recipes that bring files.
  if (files.length === 0) return []
  const [{ languageCataloguers }, { readFile }] = await Promise.all([
    import('../../inventory/language/cataloguers.ts'),
    import('../../inventory/reading/file.ts'),
  ])
  const facts = new Map<string, FoundFact<unknown>[]>()
  for (const { path, size, mode, content = new Uint8Array() } of files) {
    const options = { readers: languageCataloguers, extraHash: 'none' } as const
    const read = await readFile({ path, size, mode }, bytesOf(content), options)
    for (const { by, fact } of read.facts)
      facts.set(by, [...(facts.get(by) ?? []), { location: { path }, fact }])
  }
  const has = (path: string) => isFile(root.resolve(path))
  return languageCataloguers
    .flatMap((cataloguer) => cataloguer.combine(facts.get(cataloguer.id) ?? [], { has }).components)
    .sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name) || compare(a.version, b.version))
}

function isFile(node: RootNode | undefined): boolean {
  return node?.type === 'file'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
