import type { LibrarySearch } from './library-search.ts'
import type { ElfNode } from './subject.ts'

/** The object that one need of another object led to while a program was loaded. */
export interface LoadedNeed {
  readonly object: ElfNode
  readonly name: string
  readonly resolved: ElfNode | undefined
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
      const library = loaded.get(name) ?? search.find(object, name, inherited)
      yield { object, name, resolved: library }
      if (!library) continue
      loaded.set(name, library)
      if (library.elf.soname !== undefined && !loaded.has(library.elf.soname))
        loaded.set(library.elf.soname, library)
      if (queued.has(library)) continue
      queued.add(library)
      queue.push({ object: library, inherited: passedOn })
    }
  }
}
