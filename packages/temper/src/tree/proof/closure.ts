import type { LibrarySearch } from './library-search.ts'
import type { ElfNode } from './subject.ts'

/** What one need of one object led to while a program was loaded. */
export interface LoadedNeed {
  readonly object: ElfNode
  readonly name: string
  readonly found: ElfNode | undefined
}

/**
 * Loads a program as the dynamic loader does: breadth first, a name that is already loaded (by file name or
 * DT_SONAME) is taken as it is, and DT_RPATH of the objects that led to a need counts for it.
 */
export function* loadProgram(program: ElfNode, search: LibrarySearch): Generator<LoadedNeed> {
  const loaded = new Map<string, ElfNode>()
  const queued = new Set<ElfNode>([program])
  const queue: { object: ElfNode; inherited: readonly string[] }[] = [{ object: program, inherited: [] }]
  for (const { object, inherited } of queue) {
    const passedOn = [...search.rpathOf(object), ...inherited]
    for (const name of object.elf.needed) {
      const found = loaded.get(name) ?? search.find(object, name, inherited)
      yield { object, name, found }
      if (!found) continue
      loaded.set(name, found)
      if (found.elf.soname !== undefined && !loaded.has(found.elf.soname)) loaded.set(found.elf.soname, found)
      if (queued.has(found)) continue
      queued.add(found)
      queue.push({ object: found, inherited: passedOn })
    }
  }
}
