import { parse } from 'smol-toml'
import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject } from '../../base/json/value.ts'

/** A lock file in TOML; throws `bad-recipe` for what is none. */
export function tomlOf(text: string, file: string): JsonObject {
  try {
    return parse(text, { maxDepth: 100, integersAsBigInt: false })
  } catch (cause) {
    throw new TemperError('bad-recipe', `${file}: this is not TOML`, { cause })
  }
}

/** The tables of a list; what is none of them is left out. */
export const objectsOf = (value: unknown): readonly JsonObject[] => itemsOf(value).filter(isObject)

/** The name of the file at an address; undefined where it is none, as when something in it means a folder. */
export function fileNameOf(url: string): string | undefined {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '')
    return name === '' || name.includes('/') ? undefined : name
  } catch {
    return undefined
  }
}
