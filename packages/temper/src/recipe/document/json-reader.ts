import { type Digest, isDigest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'

export interface JsonPlace {
  readonly file: string
  /** The place as people write it, e.g. `platforms[0].packages[3]`. */
  readonly path: string
}

/**
 * Reads one object of a lock file member by member; `finish` refuses members that nobody read. Every
 * method throws `bad-lock` that names the file, the place, what was expected and what was found.
 */
export class JsonReader {
  private readonly members: Readonly<Record<string, unknown>>
  private readonly place: JsonPlace
  private readonly seen = new Set<string>()

  constructor(value: unknown, place: JsonPlace) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw badLock(place, 'an object', value)
    this.members = value as Record<string, unknown>
    this.place = place
  }

  /** Text of at most `max` characters (default 1024) without control characters, in the given form if any. */
  text(
    name: string,
    options: { readonly max?: number; readonly form?: RegExp; readonly what?: string } = {},
  ): string {
    const value = this.take(name)
    const expected = options.what ?? 'text'
    if (typeof value !== 'string' || value.length > (options.max ?? 1024) || control.test(value))
      throw badLock(this.inner(name), expected, value)
    if (options.form !== undefined && !options.form.test(value))
      throw badLock(this.inner(name), expected, value)
    return value
  }

  /** Whether an optional member is there. */
  has(name: string): boolean {
    return Object.hasOwn(this.members, name)
  }

  digest(name: string): Digest {
    const value = this.take(name)
    if (typeof value === 'string' && isDigest(value)) return value
    throw badLock(this.inner(name), 'a digest "sha256:<64 hex digits>"', value)
  }

  /** A whole number from `min` to 2^53 - 1. */
  integer(name: string, min = 0): number {
    const value = this.take(name)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value
    throw badLock(this.inner(name), `a whole number of at least ${min}`, value)
  }

  /** The one value that a member may have. */
  literal<T extends boolean | string>(name: string, expected: T): T {
    const value = this.take(name)
    if (value === expected) return expected
    throw badLock(this.inner(name), JSON.stringify(expected), value)
  }

  object<T>(name: string, read: (reader: JsonReader) => T): T {
    return readObject(this.take(name), this.inner(name), read)
  }

  /** At most 100,000 objects. */
  list<T>(name: string, read: (reader: JsonReader) => T): readonly T[] {
    const place = this.inner(name)
    return this.array(name).map((item, i) =>
      readObject(item, { ...place, path: `${place.path}[${i}]` }, read),
    )
  }

  texts(name: string): readonly string[] {
    return this.array(name).map((item, i) => {
      if (typeof item === 'string' && item.length <= 1024 && !control.test(item)) return item
      const place = this.inner(name)
      throw badLock({ ...place, path: `${place.path}[${i}]` }, 'text', item)
    })
  }

  /** Throws `bad-lock` about a member that was read and is wrong for another reason. */
  refuse(name: string, expected: string): never {
    throw badLock(this.inner(name), expected, this.members[name])
  }

  finish(): void {
    for (const name of Object.keys(this.members))
      if (!this.seen.has(name))
        throw new TemperError(
          'bad-lock',
          `${this.inner(name).file}: ${this.inner(name).path}: unknown member`,
          {
            hint: 'The lock was made by another version of Temper, or edited by hand.',
            next: { action: 'make-lock' },
          },
        )
  }

  private array(name: string): readonly unknown[] {
    const value = this.take(name)
    if (Array.isArray(value) && value.length <= 100_000) return value
    throw badLock(this.inner(name), 'a list of at most 100000 entries', value)
  }

  private take(name: string): unknown {
    this.seen.add(name)
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined
  }

  private inner(name: string): JsonPlace {
    const short = name.slice(0, 80)
    return { file: this.place.file, path: this.place.path === '' ? short : `${this.place.path}.${short}` }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
const control = /[\x00-\x08\x0b-\x1f\x7f]/

export function readObject<T>(value: unknown, place: JsonPlace, read: (reader: JsonReader) => T): T {
  const reader = new JsonReader(value, place)
  const result = read(reader)
  reader.finish()
  return result
}

function badLock(place: JsonPlace, expected: string, actual: unknown): TemperError {
  const shown = actual === undefined ? 'nothing' : JSON.stringify(actual).slice(0, 80)
  const where = place.path === '' ? '' : `${place.path}: `
  return new TemperError('bad-lock', `${place.file}: ${where}expected ${expected}, found ${shown}`, {
    hint: 'The lock is damaged. Restore it, or make it again.',
    next: { action: 'make-lock' },
    details: { file: place.file, path: place.path },
  })
}
