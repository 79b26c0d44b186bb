import { type GvdbItem, writeGvdb } from '../../../../formats/gvariant/gvdb.ts'
import { serialise } from '../../../../formats/gvariant/serialise.ts'
import { parseText } from '../../../../formats/gvariant/text.ts'
import { GVariantError } from '../../../../formats/gvariant/type.ts'
import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../effect.ts'
import { decodeText } from '../text/input.ts'
import { keyVariant, type Schema, stringVariant } from './schema.ts'
import { readSchemaFile, type Schemas } from './schema-file.ts'

const done: CommandResult = { status: 0, output: '' }

/** Schemas of settings, compiled into the one file that programs read. */
export const glibSchemas: Effect = {
  id: 'glib-schemas',
  title: 'Schemas of settings, compiled',
  why: 'Programs that use GSettings end at once when the compiled file lacks their schema.',
  source: 'glib-compile-schemas(1); the specifications of GVariant and GVDB',
  start: (context) => ({
    owns: ['usr/share/glib-2.0/schemas/gschemas.compiled'],
    commands: { 'glib-compile-schemas': (call) => compile(call, context) },
  }),
}

function compile(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { operands } = readOptions(call.arguments, { valued: ['--targetdir'] })
  const [folder] = operands
  if (folder === undefined || operands.length !== 1) return undefined
  const at = context.stage.realPath(folder)
  if (at === undefined) return done
  const names = context.stage.list(at)
  const files = names.filter((name) => /\.(?:gschema|enums)\.xml$/.test(name)).sort(enumsFirst)
  const path = `${at}/gschemas.compiled`
  if (files.length === 0) {
    context.stage.remove(path)
    return done
  }
  const overrides = names.filter((name) => name.endsWith('.gschema.override'))
  const text = (name: string) => {
    const bytes = context.stage.content(`${at}/${name}`)
    const source = bytes && decodeText(bytes)
    if (source === undefined) throw new GVariantError(`${name} is not at hand`)
    return source
  }
  try {
    const content = compileSchemas(files.map(text), overrides.map(text))
    context.stage.put({ path, type: 'file', mode: 0o644, content })
    context.note('glib-schemas', `${files.length} files`)
    return done
  } catch (error) {
    // What is not understood is reported, as any other command is that nobody carries out.
    if (error instanceof GVariantError) return undefined
    throw error
  }
}

/** Values of enumerations come before the keys that have them. */
function enumsFirst(a: string, b: string): number {
  return Number(b.endsWith('.enums.xml')) - Number(a.endsWith('.enums.xml')) || (a < b ? -1 : 1)
}

/** The compiled file. Errors: GVariantError. */
export function compileSchemas(files: readonly string[], overrides: readonly string[]): Uint8Array {
  const all: Schemas = { schemas: new Map(), enums: new Map(), flags: new Map() }
  for (const text of files) readSchemaFile(text, all)
  for (const text of overrides) applyOverrides(text, all.schemas)
  const table = new Map([...all.schemas].map(([id, schema]): [string, GvdbItem] => [id, schemaItem(schema)]))
  return writeGvdb(table)
}

function schemaItem({ path, domain, extended, listOf, keys }: Schema): GvdbItem {
  const table = new Map<string, GvdbItem>()
  for (const [name, key] of keys) table.set(name, { kind: 'value', variant: keyVariant(key), listed: true })
  const translates = [...keys.values()].some((key) => key.kind === 'key' && key.translated !== undefined)
  const facts = {
    '.path': path,
    '.extends': extended,
    '.list-of': listOf,
    '.gettext-domain': translates ? domain : undefined,
  }
  for (const [name, text] of Object.entries(facts))
    if (text !== undefined) table.set(name, { kind: 'value', variant: stringVariant(text), listed: false })
  return { kind: 'table', table, listed: true }
}

/** Other defaults, by vendors: groups of a key file are schemas, perhaps on one desktop ("org.x.Y:GNOME"). */
function applyOverrides(text: string, schemas: ReadonlyMap<string, Schema>): void {
  let group = ''
  for (const line of text.split('\n')) {
    const [, name] = /^\[([^\]]+)\]\s*$/.exec(line) ?? []
    if (name !== undefined) group = name
    if (name !== undefined || /^\s*(?:#|$)/.test(line)) continue
    const [, key, value] = /^([^=[\]]+?)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) throw new GVariantError('this is not a key file')
    override({ group, key, value }, schemas)
  }
}

/** What is overridden in a way that its key does not take stays as it is, as the real program leaves it. */
function override(
  { group, key, value }: { readonly group: string; readonly key: string; readonly value: string },
  schemas: ReadonlyMap<string, Schema>,
): void {
  const [id = '', desktop] = group.split(/:(.*)/s)
  const keys = schemas.get(id)?.keys
  const before = keys?.get(key)
  if (before?.kind !== 'key' || !fits(value, before.type)) return
  if (desktop === undefined) keys?.set(key, { ...before, value })
  else if (before.translated === undefined)
    keys?.set(key, { ...before, desktops: new Map([...(before.desktops ?? []), [desktop, value]]) })
}

function fits(value: string, type: string): boolean {
  try {
    serialise(parseText(value), type)
    return true
  } catch (error) {
    if (error instanceof GVariantError) return false
    throw error
  }
}
