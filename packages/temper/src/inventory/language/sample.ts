import type { Component, InventoryNote } from '../../model/inventory.ts'
import type { Cataloguer, FoundFact } from '../cataloguer.ts'

export interface SampleFile {
  readonly content: string | Uint8Array
  readonly mode?: number
}

export interface SampleCatalogue {
  readonly components: readonly Component[]
  readonly notes: readonly InventoryNote[]
  /** Paths that were not selected. */
  readonly passed: readonly string[]
}

/** Shows a tree of files to one cataloguer, as reading an image does. Errors of `read` are not caught. */
export async function catalogueFiles(
  cataloguer: Cataloguer<unknown>,
  files: Readonly<Record<string, string | Uint8Array | SampleFile>>,
): Promise<SampleCatalogue> {
  const facts: FoundFact<unknown>[] = []
  const passed: string[] = []
  for (const [path, file] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { content, mode = 0o644 } =
      typeof file === 'string' || file instanceof Uint8Array ? { content: file } : file
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const head = { path, size: bytes.length, mode, start: bytes.subarray(0, 32) }
    if (!cataloguer.select(head)) {
      passed.push(path)
      continue
    }
    const fact = await cataloguer.read({ ...head, bytes })
    // Facts are kept on disk between reading and combining.
    if (fact !== undefined)
      facts.push({ location: { path }, fact: JSON.parse(JSON.stringify(fact)) as unknown })
  }
  return { ...cataloguer.combine(facts, { has: () => false }), passed }
}

/** "name version" of each component, in order. */
export function namesOf({ components }: SampleCatalogue): string[] {
  return components.map(({ name, version }) => `${name} ${version}`).sort()
}
