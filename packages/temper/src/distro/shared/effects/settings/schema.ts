import { serialise, serialiseMembers, serialiseVariant } from '../../../../formats/gvariant/serialise.ts'
import { parseText } from '../../../../formats/gvariant/text.ts'
import type { SettingsTable } from './string-table.ts'

/** A default that is translated when it is read. */
export interface Translated {
  /** LC_MESSAGES or LC_TIME. */
  readonly category: 'm' | 't'
  readonly context?: string
}

/** A key of a schema. */
export interface SchemaKey {
  readonly kind: 'key'
  /** Of GVariant: "as". */
  readonly type: string
  /** As it is written. */
  readonly value: string
  readonly translated?: Translated
  /** What it may be, and which type says so: choices, an enumeration or flags. */
  readonly strings?: { readonly table: SettingsTable; readonly kind: 'c' | 'e' | 'f' }
  readonly range?: { readonly least: string; readonly most: string }
  /** Defaults on desktops of these names. */
  readonly desktops?: ReadonlyMap<string, string>
}

/** A schema below a schema. */
export interface SchemaChild {
  readonly kind: 'child'
  readonly schema: string
}

export interface Schema {
  readonly id: string
  readonly path?: string
  readonly domain?: string
  readonly extended?: string
  readonly listOf?: string
  /** By name; those of children end with a slash. */
  readonly keys: Map<string, SchemaKey | SchemaChild>
}

/** What GSettings stores of a key, in a variant. Errors: GVariantError. */
export function keyVariant(key: SchemaKey | SchemaChild): Uint8Array {
  if (key.kind === 'child') return stringVariant(key.schema)
  const { type, value, translated, strings, range, desktops } = key
  const members = [serialise(parseText(value), type)]
  const types = [type]
  const add = (letter: string, bytes: Uint8Array, form: string) => {
    members.push(serialiseMembers([Buffer.from(letter), bytes], `(y${form})`))
    types.push(`(y${form})`)
  }
  if (translated) {
    const context = translated.context === undefined ? '' : `${translated.context}\x04`
    const text = Buffer.from(`${context}${value.trim()}\0`)
    add('l', serialiseMembers([Buffer.from(translated.category), text], '(ys)'), '(ys)')
  }
  if (strings) add(strings.kind, strings.table.bytes(), 'au')
  if (range) {
    const ends = [range.least, range.most].map((text) => serialise(parseText(text), type))
    add('r', serialiseMembers(ends, `(${type}${type})`), `(${type}${type})`)
  }
  if (desktops) add('d', desktopDefaults(desktops, type), 'a{sv}')
  const form = `(${types.join('')})`
  return serialiseVariant(serialiseMembers(members, form), form)
}

export function stringVariant(text: string): Uint8Array {
  return serialiseVariant(Buffer.from(`${text}\0`), 's')
}

function desktopDefaults(desktops: ReadonlyMap<string, string>, type: string): Uint8Array {
  const entries = [...desktops]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => {
      const value = { kind: 'typed', type, value: parseText(text) } as const
      return [
        { kind: 'string', text: name },
        { kind: 'variant', value },
      ] as const
    })
  return serialise({ kind: 'dictionary', entries }, 'a{sv}')
}
