import { createRequire } from 'node:module'
import type { SaxesAttributePlain, SaxesTagPlain } from 'saxes'
import { GVariantError, splitTypes } from '../../../../formats/gvariant/type.ts'
import type { Schema, SchemaKey, Translated } from './schema.ts'
import { SettingsTable } from './string-table.ts'

/** What the files of a folder have told so far. */
export interface Schemas {
  readonly schemas: Map<string, Schema>
  readonly enums: Map<string, SettingsTable>
  readonly flags: Map<string, SettingsTable>
}

const maximumDepth = 8

const require = createRequire(import.meta.url)

/** Takes in a file of schemas (glib-compile-schemas(1)). Errors: GVariantError for what is not understood. */
export function readSchemaFile(text: string, into: Schemas): void {
  const reading = new SchemaReading(into)
  // Loaded when there is something to read: few images have schemas, and effects cannot wait for an import.
  const { SaxesParser }: typeof import('saxes') = require('saxes')
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new GVariantError(`this is not XML: ${error.message.slice(0, 200)}`)
  })
  parser.on('opentag', (tag) => reading.open(tag))
  parser.on('closetag', () => reading.close())
  parser.on('text', (words) => reading.text(words))
  parser.on('cdata', (words) => reading.text(words))
  parser.write(text).close()
}

type Attributes = Readonly<Record<string, string | undefined>>

type KeyDraft = { -readonly [name in keyof SchemaKey]: SchemaKey[name] } & {
  name: string
  isOverride: boolean
}

/** Ends that a range has unless it says so. */
const ranges: Readonly<Record<string, readonly [least: string, most: string]>> = {
  y: ['0', '255'],
  n: ['-32768', '32767'],
  q: ['0', '65535'],
  i: ['-2147483648', '2147483647'],
  u: ['0', '4294967295'],
  x: ['-9223372036854775808', '9223372036854775807'],
  t: ['0', '18446744073709551615'],
  d: ['-inf', 'inf'],
}

class SchemaReading {
  readonly #into: Schemas
  readonly #path: string[] = []
  #domain: string | undefined
  #schema: Schema | undefined
  #key: KeyDraft | undefined
  #table: { readonly strings: SettingsTable; readonly isFlags: boolean } | undefined
  #text = ''

  constructor(into: Schemas) {
    this.#into = into
  }

  open({ name, attributes }: SaxesTagPlain): void {
    const parent = this.#path.at(-1)
    this.#path.push(name)
    this.#text = ''
    if (this.#path.length > maximumDepth) throw new GVariantError('nested too deeply')
    const said: Attributes = attributes satisfies Record<string, SaxesAttributePlain['value']>
    if (parent === undefined && name === 'schemalist') this.#domain = said['gettext-domain']
    else if (parent === 'schemalist') this.#openInList(name, said)
    else if (parent === 'schema') this.#openInSchema(name, said)
    else if (parent === 'key') this.#openInKey(name, said)
    else if (parent === 'choices' && name === 'choice') this.#choices().add(required(said, 'value'), 0)
    else if (parent === 'aliases' && name === 'alias')
      this.#choices().addAlias(required(said, 'value'), required(said, 'target'))
    else if ((parent === 'enum' || parent === 'flags') && name === 'value') this.#addValue(said)
    else throw new GVariantError(`<${name}> in <${parent ?? ''}>`)
  }

  text(words: string): void {
    this.#text += words
  }

  close(): void {
    const name = this.#path.pop()
    const text = this.#text
    this.#text = ''
    if (name === 'default' && this.#key) this.#key.value = text
    else if (name === 'override' && this.#key) {
      this.#key.value = text
      this.#endKey()
    } else if (name === 'key') this.#endKey()
    else if (name === 'schema') this.#schema = undefined
  }

  #openInList(name: string, said: Attributes): void {
    const id = required(said, 'id')
    if (name === 'schema') this.#openSchema(id, said)
    else if (name === 'enum' || name === 'flags') {
      const isFlags = name === 'flags'
      const strings = new SettingsTable()
      const tables = isFlags ? this.#into.flags : this.#into.enums
      if (tables.has(id)) throw new GVariantError(`${id} is there twice`)
      tables.set(id, strings)
      this.#table = { strings, isFlags }
    } else throw new GVariantError(`<${name}> in <schemalist>`)
  }

  #openSchema(id: string, said: Attributes): void {
    const { schemas } = this.#into
    if (schemas.has(id)) throw new GVariantError(`the schema ${id} is there twice`)
    const { path, extends: extended } = said
    const base = extended === undefined ? undefined : schemas.get(extended)
    if (extended !== undefined && base === undefined) throw new GVariantError(`no schema ${extended}`)
    const listOf = said['list-of'] ?? base?.listOf
    const domain = said['gettext-domain'] ?? this.#domain
    this.#schema = {
      id,
      keys: new Map(),
      ...(path === undefined ? {} : { path }),
      ...(extended === undefined ? {} : { extended }),
      ...(listOf === undefined ? {} : { listOf }),
      ...(domain === undefined ? {} : { domain }),
    }
    schemas.set(id, this.#schema)
  }

  #openInSchema(tag: string, said: Attributes): void {
    const name = required(said, 'name')
    if (tag === 'child')
      this.#schema?.keys.set(`${name}/`, { kind: 'child', schema: required(said, 'schema') })
    else if (tag === 'key') this.#key = { ...this.#newKey(said), name, isOverride: false }
    else if (tag === 'override') {
      const translated = translation(said)
      const { type, strings, range } = this.#overridden(name)
      this.#key = {
        kind: 'key',
        name,
        isOverride: true,
        type,
        value: '',
        ...(strings === undefined ? {} : { strings }),
        ...(range === undefined ? {} : { range }),
        ...(translated === undefined ? {} : { translated }),
      }
    } else throw new GVariantError(`<${tag}> in <schema>`)
  }

  #newKey({ type, enum: enumName, flags }: Attributes): SchemaKey {
    const key = { kind: 'key', value: '' } as const
    if (type !== undefined) {
      if (splitTypes(type).length !== 1) throw new GVariantError(`no type: ${type}`)
      return { ...key, type }
    }
    const table = enumName !== undefined ? this.#into.enums.get(enumName) : this.#into.flags.get(flags ?? '')
    if (table === undefined) throw new GVariantError(`no values of the name ${enumName ?? flags}`)
    const kind = enumName !== undefined ? 'e' : 'f'
    return { ...key, type: kind === 'e' ? 's' : 'as', strings: { table: table.copy(), kind } }
  }

  #overridden(name: string): SchemaKey {
    const { schemas } = this.#into
    for (let at = this.#schema?.extended; at !== undefined; at = schemas.get(at)?.extended) {
      const key = schemas.get(at)?.keys.get(name)
      if (key?.kind === 'key') return key
    }
    throw new GVariantError(`no key ${name} to override`)
  }

  #openInKey(tag: string, said: Attributes): void {
    const key = this.#key
    if (key === undefined) return
    if (tag === 'default') {
      const translated = translation(said)
      if (translated !== undefined) key.translated = translated
    } else if (tag === 'range') {
      const ends = Object.hasOwn(ranges, key.type) ? ranges[key.type] : undefined
      if (ends === undefined) throw new GVariantError(`a range of ${key.type}`)
      key.range = { least: said['min'] ?? ends[0], most: said['max'] ?? ends[1] }
    } else if (tag === 'choices') key.strings = { table: new SettingsTable(), kind: 'c' }
    else if (!['aliases', 'summary', 'description'].includes(tag))
      throw new GVariantError(`<${tag}> in <key>`)
  }

  #choices(): SettingsTable {
    const table = this.#key?.strings?.table
    if (table === undefined) throw new GVariantError('another name for nothing')
    return table
  }

  #addValue(said: Attributes): void {
    const text = required(said, 'value')
    if (!/^-?(?:0x[0-9a-fA-F]{1,8}|\d{1,10})$/.test(text)) throw new GVariantError(`no number: ${text}`)
    const value = text.startsWith('-') ? -Number(text.slice(1)) : Number(text)
    // No flag at all has no name.
    if (this.#table?.isFlags && value === 0) return
    this.#table?.strings.add(required(said, 'nick'), value)
  }

  #endKey(): void {
    if (this.#key === undefined) return
    const { name, isOverride: _, ...key } = this.#key
    if (key.value.trim() === '') throw new GVariantError(`the key ${name} has no default`)
    if (this.#schema?.keys.has(name)) throw new GVariantError(`the key ${name} is there twice`)
    this.#schema?.keys.set(name, key)
    this.#key = undefined
  }
}

function translation({ l10n, context }: Attributes): Translated | undefined {
  if (l10n === undefined) return undefined
  if (l10n !== 'messages' && l10n !== 'time') throw new GVariantError(`no category ${l10n}`)
  return { category: l10n === 'time' ? 't' : 'm', ...(context === undefined ? {} : { context }) }
}

function required(said: Attributes, name: string): string {
  const value = said[name]
  if (value === undefined) throw new GVariantError(`${name} is missing`)
  return value
}
