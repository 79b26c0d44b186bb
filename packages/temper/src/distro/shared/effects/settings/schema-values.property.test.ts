import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../../../test/support/debian-tool.ts'
import { readGvdb } from './fixtures/sample-gvdb.ts'
import { compileSchemas } from './glib-schemas.ts'

const program = await tryDebianTool('glib-compile-schemas')

/** A default value and its type. */
interface Typed {
  readonly type: string
  readonly text: string
}

const word = fc.stringMatching(/^[ -~äé]{0,6}$/)
const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
const whole = (min: number, max: number) => fc.integer({ min, max })

const numbers: Readonly<Record<string, fc.Arbitrary<string>>> = {
  y: whole(0, 255).map(String),
  n: whole(-32768, 32767).map(String),
  q: whole(0, 65535).map((each) => `0x${each.toString(16)}`),
  i: whole(-2147483648, 2147483647).map(String),
  u: whole(0, 4294967295).map(String),
  x: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  t: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  d: fc.constantFrom('0.0', '1.5', '-2.25', '1e3', '3', '-0.0', 'inf'),
  b: fc.constantFrom('true', 'false'),
}

/** Values that stand in a variant say their types themselves. */
const inVariant = fc.oneof(
  numbers['i'] as fc.Arbitrary<string>,
  numbers['b'] as fc.Arbitrary<string>,
  word.map(quoted),
  fc.constantFrom('uint16 3', '@ay []', '@y 7', '[1, 2]', "('a', true)", '<5>', '1.5', 'int64 9'),
)

/** A value of a type. */
function valuesOf(type: string): fc.Arbitrary<string> {
  const number = numbers[type]
  if (number !== undefined) return number
  if (type === 's') return word.map(quoted)
  if (type === 'v') return inVariant.map((text) => `<${text}>`)
  if (type.startsWith('m'))
    return fc.oneof(
      fc.constant('nothing'),
      valuesOf(type.slice(1)).map((text) => `just ${text}`),
    )
  if (type.startsWith('a{')) {
    const entry = fc
      .tuple(valuesOf(type[2] ?? ''), valuesOf(type.slice(3, -1)))
      .map((pair) => pair.join(': '))
    return fc.array(entry, { maxLength: 3 }).map((all) => `{${all.join(', ')}}`)
  }
  if (type.startsWith('a'))
    return fc.array(valuesOf(type.slice(1)), { maxLength: 4 }).map((all) => `[${all.join(', ')}]`)
  const members = type.slice(1, -1).match(/a\{\w+\}|a?\([a-z]*\)|[am]*[a-z]/g) ?? []
  return fc.tuple(...members.map(valuesOf)).map((all) => `(${all.join(', ')}${all.length === 1 ? ',' : ''})`)
}

const types = ['y', 'n', 'q', 'i', 'u', 'x', 't', 'd', 'b', 's', 'v']
const containers = [
  'as',
  'ai',
  'ay',
  'at',
  'a{sv}',
  'a{ss}',
  'a{is}',
  'a{sx}',
  '(si)',
  '(is)',
  '(yt)',
  '(ysq)',
  '()',
  '(s)',
  'a(si)',
  'a(yt)',
  'aas',
  'ab',
  'ad',
  'av',
  'ms',
  'mi',
  'mai',
  '(ass)',
  '(sas)',
  '(yvy)',
  'a(ss)',
  '(xysb)',
  'aai',
  'mms',
  'a(sas)',
  '(a{sv}i)',
  '(mimsy)',
]

const typed: fc.Arbitrary<Typed> = fc
  .constantFrom(...types, ...containers)
  .chain((type) => valuesOf(type).map((text) => ({ type, text })))

const inXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function schemaOf(keys: readonly Typed[]): string {
  const lines = keys.map(
    ({ type, text }, index) =>
      `    <key name="key-${index}" type="${type}"><default>${inXml(text)}</default></key>`,
  )
  return `<schemalist>\n  <schema id="test.values" path="/test/">\n${lines.join('\n')}\n  </schema>\n</schemalist>\n`
}

function compiledByGlib(schema: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'temper-schemas-'))
  try {
    writeFileSync(join(folder, 'test.gschema.xml'), schema)
    const { status, stderr } = spawnSync(program ?? '', ['--strict', folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return readFileSync(join(folder, 'gschemas.compiled'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(program === undefined)('values of schemas', () => {
  const keys = fc.sample(typed, { seed: 3, numRuns: 400 })

  it('lie in the file as glib-compile-schemas puts them there, of every type', () => {
    const schema = schemaOf(keys)
    const tables = [compileSchemas([schema], []), compiledByGlib(schema)].map((file) =>
      keysOf(readGvdb(file)),
    )
    const [ours = {}, theirs = {}] = tables
    expect(Object.keys(ours)).toEqual(Object.keys(theirs))
    const wrong = keys.filter((_, index) => ours[`key-${index}`] !== theirs[`key-${index}`])
    expect(wrong.sort((a, b) => a.text.length - b.text.length).slice(0, 3)).toEqual([])
  })

  it('are tried for every type', () => {
    expect(new Set(keys.map(({ type }) => type)).size).toBe(types.length + containers.length)
  })
})

/** The keys of the one schema of a file, and what stands under each. */
function keysOf(read: unknown): Readonly<Record<string, string>> {
  const [, root] = read as [string, Readonly<Record<string, readonly unknown[]>>]
  const table = root['test.values']?.[2] as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(table).map(([name, row]) => [name, JSON.stringify(row)]))
}
