import { type Digest, sha256 } from '../../base/digest.ts'

/** The way to a value, and what is there: undefined for nothing, bytes, or anything that JSON can write. */
interface Look {
  readonly way: readonly string[]
  readonly value: unknown
}

/** Records what was looked at, in the order in which each thing was first looked at. */
export class Looks {
  readonly #looks = new Map<string, Look>()

  /** Records a look at a value, and returns the value. */
  at<T>(way: readonly string[], value: T): T {
    const name = JSON.stringify(way)
    if (!this.#looks.has(name)) this.#looks.set(name, { way, value })
    return value
  }

  get ways(): readonly (readonly string[])[] {
    return [...this.#looks.values()].map(({ way }) => way)
  }

  digest(): Digest {
    return digestOf([...this.#looks.values()].map(({ value }) => value))
  }
}

/** A digest over values, separated by line breaks, which none of their texts has. */
export function digestOf(values: readonly unknown[]): Digest {
  return sha256(values.map(textOf).join('\n'))
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? sha256(value) : (JSON.stringify(value) ?? 'nothing')
}

/**
 * A value that records which of its members are looked at, at any depth; a list counts as looked at as a whole. `way`
 * leads to the value itself.
 */
export function watched<T>(value: T, way: readonly string[], looks: Looks): T {
  if (value === null || typeof value !== 'object') return looks.at(way, value)
  if (Array.isArray(value)) return looks.at(way, value)
  const handler: ProxyHandler<T & object> = {
    get: (target, key) => {
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) {
        if (typeof key === 'string') looks.at([...way, key], undefined)
        return Reflect.get(target, key)
      }
      return watched(Reflect.get(target, key), [...way, key], looks)
    },
    getOwnPropertyDescriptor: (target, key) => {
      if (typeof key === 'string') looks.at([...way, key], valueAt(target, [key]))
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
    has: (target, key) => {
      if (typeof key === 'string') looks.at([...way, key], valueAt(target, [key]))
      return Reflect.has(target, key)
    },
    ownKeys: (target) => {
      looks.at(way, target)
      return Reflect.ownKeys(target)
    },
  }
  return new Proxy(value, handler)
}

/** The value that a way leads to, starting from a value. */
export function valueAt(value: unknown, way: readonly string[]): unknown {
  let at = value
  for (const name of way) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, name)) return undefined
    at = (at as Readonly<Record<string, unknown>>)[name]
  }
  return at
}
