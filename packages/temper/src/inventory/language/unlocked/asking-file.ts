import type { ComponentType } from '../../../model/inventory.ts'

/** A kind of file in which a project asks for packages, while another file says which ones it gets. */
export interface AskingFile {
  /** As people call what reads it. */
  readonly tool: string
  /** What the file is called: one of the two. */
  readonly names?: RegExp
  /** The same for those that are known by their ending or their folder: its path. */
  readonly files?: RegExp
  /** The type of the packages that it asks for. */
  readonly type: ComponentType
  /** Files that say which packages it gets: in the same folder or in one above. Absent where no such file is read. */
  readonly locks?: readonly string[]
  /** Where its packages lie when they are installed beside it or above, by name. */
  readonly installed?: (name: string) => string
  /** What it asks for, as far as that can be told; undefined when it asks for nothing. */
  readonly asks: (text: string) => readonly string[] | undefined | Promise<readonly string[] | undefined>
}

/** Most names that are kept of one file: they only tell whether most of them are installed. */
const most = 2000

/** The first group of all matches. */
export function all(pattern: RegExp): AskingFile['asks'] {
  return (text) => some(Array.from(text.matchAll(pattern), ([, name = '']) => name))
}

/** For what asks by more than names can be told: an empty list. */
export function whereItSays(pattern: RegExp): AskingFile['asks'] {
  return (text) => (pattern.test(text) ? [] : undefined)
}

export function some(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : [...new Set(names)].slice(0, most)
}
