import type { EffectNode } from '../../../../model/root.ts'
import type { Stage } from '../stage.ts'
import { compareLibraryNames } from './loader-cache.ts'

/** The library that ldconfig finds in one folder for one soname. */
export interface FoundLibrary {
  /** Name under which it is found; a link of that name leads to it, or is made. */
  readonly soname: string
  /** File or link in the folder that was chosen for the soname. */
  readonly name: string
  readonly isLink: boolean
}

/** The libraries of a folder (no link itself), one for each soname: files before links, then the newest name. */
export function librariesOf(folder: string, machine: number, stage: Stage): readonly FoundLibrary[] {
  const libraries = new Map<string, FoundLibrary>()
  for (const name of stage.list(folder)) {
    const library = isLookedAt(folder, name, stage) ? libraryAt(folder, name, { machine, stage }) : undefined
    if (library === undefined) continue
    const other = libraries.get(library.soname)
    if (other === undefined || isBetter(library, other)) libraries.set(library.soname, library)
  }
  return [...libraries.values()]
}

/** Below glibc-hwcaps ldconfig looks at links whatever they are called. */
function isLookedAt(folder: string, name: string, stage: Stage): boolean {
  if (isLibraryName(name)) return true
  return /\/glibc-hwcaps\/[^/]+$/.test(folder) && stage.get(`${folder}/${name}`)?.type === 'symlink'
}

/** Names that ldconfig looks at; what prelink leaves there is none of them. */
function isLibraryName(name: string): boolean {
  if (name.includes('.#prelink#')) return false
  return (/^(?:lib|ld-)/.test(name) && name.includes('.so')) || /^ld(?:64)?\.so\./.test(name)
}

function libraryAt(
  folder: string,
  name: string,
  { machine, stage }: { readonly machine: number; readonly stage: Stage },
): FoundLibrary | undefined {
  const isLink = stage.get(`${folder}/${name}`)?.type === 'symlink'
  const elf = stage.resolve(`${folder}/${name}`)?.elf
  if (elf?.kind !== 'shared' || elf.machine !== machine || elf.damaged !== undefined) return undefined
  const { soname = name } = elf
  if (soname === '' || soname.includes('/')) return undefined
  // A link is found by its own name when that is the soname, or the short one for linking.
  const own = name === soname || (name.endsWith('.so') && soname.startsWith(name))
  return isLink && own ? { soname: name, name, isLink } : { soname, name, isLink: false }
}

function isBetter(library: FoundLibrary, other: FoundLibrary): boolean {
  if (library.isLink !== other.isLink) return other.isLink
  return compareLibraryNames(library.name, other.name) > 0
}

/** Removes dangling links of a folder that are named like a versioned library, as ldconfig does. */
export function removeStaleLinks(folder: string, stage: Stage): void {
  for (const name of stage.list(folder)) {
    const path = `${folder}/${name}`
    const isLink =
      isLookedAt(folder, name, stage) && name.includes('.so.') && stage.get(path)?.type === 'symlink'
    if (isLink && stage.resolve(path) === undefined) stage.remove(path)
  }
}

/**
 * Makes the soname link for each library of a folder unless something else has that name; returns the number of
 * links.
 */
export function linkLibraries(folder: string, libraries: readonly FoundLibrary[], stage: Stage): number {
  let made = 0
  for (const { soname, name, isLink } of libraries) {
    if (isLink || soname === name) continue
    const path = `${folder}/${soname}`
    const present = stage.get(path)
    const leadsThere = sameFile(stage.resolve(path), stage.resolve(`${folder}/${name}`))
    if (present !== undefined && (present.type !== 'symlink' || leadsThere)) continue
    stage.put({ path, type: 'symlink', mode: 0o777, target: name })
    made++
  }
  return made
}

function sameFile(a: EffectNode | undefined, b: EffectNode | undefined): boolean {
  return a !== undefined && a.path === b?.path
}
