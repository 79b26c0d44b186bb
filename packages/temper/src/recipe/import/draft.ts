import type { RecipeDocument } from '../document/document.ts'
import { formatPath, type RecipePath } from '../document/problem.ts'

/** Something in a foreign file that the recipe does not have. */
export interface Unmapped {
  /** Line in the file that has it, from 1. */
  readonly line: number
  /** The key as people write it: `contents.repositories[1]`. */
  readonly key: string
  readonly reason: string
}

type Mapping = Record<string, unknown>

/** A foreign document on its way to becoming a recipe; what is moved or left out keeps the line that it came from. */
export class Draft {
  readonly value: Mapping
  readonly unmapped: Unmapped[] = []
  readonly #document: RecipeDocument
  readonly #moved = new Map<string, RecipePath>()

  constructor(document: RecipeDocument) {
    this.#document = document
    this.value = structuredClone(document.value) as Mapping
  }

  get(path: RecipePath): unknown {
    let value: unknown = this.value
    for (const part of path) value = (value as Record<string | number, unknown> | null | undefined)?.[part]
    return value
  }

  /** The entries of a list with their paths, except those that were taken already. */
  entries(path: RecipePath): readonly (readonly [path: RecipePath, value: unknown])[] {
    const list = this.get(path)
    if (!Array.isArray(list)) return []
    return list.flatMap((value, i) => (value === undefined ? [] : [[[...path, i], value] as const]))
  }

  /** Takes a value out. In a list this leaves a hole, so that the other entries keep their places. */
  take(path: RecipePath): unknown {
    const value = this.get(path)
    const last = path.at(-1)
    const around = this.get(path.slice(0, -1)) as Mapping | unknown[] | undefined
    if (typeof around !== 'object' || around === null || last === undefined) return value
    if (Array.isArray(around)) around[Number(last)] = undefined
    else delete around[last]
    return value
  }

  /** Puts a value at another place; `from` is where the file has it. */
  put(path: RecipePath, value: unknown, from: RecipePath): void {
    let around = this.value
    for (const part of path.slice(0, -1)) {
      const inner = around[part]
      if (typeof inner !== 'object' || inner === null) around[part] = {}
      around = around[part] as Mapping
    }
    around[path.at(-1) ?? ''] = value
    this.#moved.set(formatPath(path), from)
  }

  append(path: RecipePath, value: unknown, from: RecipePath): void {
    const list = this.get(path)
    if (!Array.isArray(list)) this.put(path, [], from)
    const whole = this.get(path) as unknown[]
    whole.push(value)
    this.#moved.set(formatPath([...path, whole.length - 1]), from)
  }

  /** Takes out a value that no recipe can have, and notes why. */
  leave(path: RecipePath, reason: string): void {
    const from = this.#origin(path)
    const place = this.#document.keyPlaceOf(from)
    const { problems, offset } = typeof path.at(-1) === 'number' ? this.#document.placeOf(from) : place
    this.unmapped.push({ line: problems.lineAt(offset), key: formatPath(from), reason })
    this.take(path)
  }

  #origin(path: RecipePath): RecipePath {
    for (let length = path.length; length > 0; length--) {
      const from = this.#moved.get(formatPath(path.slice(0, length)))
      if (from !== undefined) return from
    }
    return path
  }

  /** The document without holes and empty values, and where each part of it is in the draft. */
  finished(): { readonly value: Mapping; pathOf(path: RecipePath): RecipePath } {
    const indices = new Map<string, readonly number[]>()
    const value = (compact(this.value, '', indices) ?? {}) as Mapping
    const pathOf = (path: RecipePath): RecipePath => {
      const translated: (string | number)[] = []
      for (const part of path)
        translated.push(
          typeof part === 'number' ? (indices.get(formatPath(translated))?.[part] ?? part) : part,
        )
      return translated
    }
    return { value, pathOf }
  }
}

function compact(value: unknown, path: string, indices: Map<string, readonly number[]>): unknown {
  if (Array.isArray(value)) {
    const kept = value.flatMap((each, i) => (each === undefined ? [] : [i]))
    indices.set(path, kept)
    const list = kept.map((i) => compact(value[i], `${path}[${i}]`, indices))
    return value.length > 0 && list.length === 0 ? undefined : list
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([name, each]) => {
    const inner = compact(each, path === '' ? name : `${path}.${name}`, indices)
    return inner === undefined ? [] : [[name, inner] as const]
  })
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries)
}
