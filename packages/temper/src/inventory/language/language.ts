import type { ComponentType } from '../../model/inventory.ts'
import type { FileContent, FileHead, FoundFact } from '../cataloguer.ts'
import type { LanguageFact } from './fact.ts'

/** How one kind of file is recognised and read. */
export interface ManifestKind {
  /** By name alone where that will do: called for every file. */
  matches(head: FileHead): boolean
  read(file: FileContent): LanguageFact | undefined | Promise<LanguageFact | undefined>
}

/** What makes a cataloguer of a language's packages. */
export interface Language {
  readonly id: string
  readonly type: ComponentType
  readonly version: number
  readonly sizeLimit: number
  /** The first that matches reads the file. */
  readonly kinds: readonly ManifestKind[]
  /** Folders beside a lock in which its packages are installed: "node_modules", "vendor". */
  readonly installsInto: readonly string[]
  /** Lets files of one kind speak for others, before it is settled which locks count. */
  readonly prepare?: (facts: readonly FoundFact<LanguageFact>[]) => readonly FoundFact<LanguageFact>[]
  /** How names are compared. Default: as they are written. */
  readonly normalName?: (name: string) => string
  /** The type in package URLs, where that is not the component's. */
  readonly purlType?: string
}

/** Files of these names in any folder that is not one of somebody else's packages. */
export function named(names: readonly string[], read: ManifestKind['read']): ManifestKind {
  return {
    matches: ({ path }) => names.some((name) => hasName(path, name)) && !isForeign(path),
    read,
  }
}

/** The same for files whose paths match. */
export function matching(pattern: RegExp, read: ManifestKind['read']): ManifestKind {
  return { matches: ({ path }) => pattern.test(path) && !isForeign(path), read }
}

export function hasName(path: string, name: string): boolean {
  return (
    path.endsWith(name) && (path.length === name.length || path.charAt(path.length - name.length - 1) === '/')
  )
}

/**
 * Locks that packages bring along for their own development say nothing of what is installed: inside of
 * node_modules, site-packages, vendor, gems, the module cache of Go and of Cargo, and documentation.
 */
export function isForeign(path: string): boolean {
  return foreign.test(path)
}

const foreign =
  /(^|\/)(node_modules|site-packages|dist-packages|vendor|gems|pkg\/mod|\.cargo\/registry|usr\/share\/doc)\//
