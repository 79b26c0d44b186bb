import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseRecipe } from '../read.ts'
import { type JsonSchema, recipeJsonSchema } from './json-schema.ts'
import { recipeReference } from './reference.ts'

const repository = join(import.meta.dirname, '../../../../..')
const schema = recipeJsonSchema() as JsonSchema

/** The part of JSON Schema (2020-12) that the schema uses; an unknown keyword is an error of the test. */
function accepts(part: JsonSchema, value: unknown): boolean {
  return Object.entries(part).every(([keyword, expected]) => {
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`unknown keyword ${keyword}`)
    return check(expected as never, value, part)
  })
}

const yes = () => true
/** Each keyword expects a value of a type of its own. */
type Check = (expected: never, value: unknown, part: JsonSchema) => boolean
const keywords: Readonly<Record<string, Check>> = {
  $schema: yes,
  $defs: yes,
  $ref: (reference: string, value) =>
    accepts(schema.$defs?.[reference.split('/').at(-1) ?? ''] as JsonSchema, value),
  title: yes,
  id: yes,
  description: yes,
  examples: yes,
  type: (type: string, value) => typeOf(value) === type || (type === 'number' && typeof value === 'number'),
  const: (expected: unknown, value) => value === expected,
  enum: (expected: unknown[], value) => expected.includes(value),
  anyOf: (options: JsonSchema[], value) => options.some((option) => accepts(option, value)),
  oneOf: (options: JsonSchema[], value) => options.filter((option) => accepts(option, value)).length === 1,
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minLength: (limit: number, value) => typeof value !== 'string' || value.length >= limit,
  maxLength: (limit: number, value) => typeof value !== 'string' || value.length <= limit,
  minimum: (limit: number, value) => typeof value !== 'number' || value >= limit,
  maximum: (limit: number, value) => typeof value !== 'number' || value <= limit,
  minItems: (limit: number, value) => !Array.isArray(value) || value.length >= limit,
  maxItems: (limit: number, value) => !Array.isArray(value) || value.length <= limit,
  items: (items: JsonSchema, value) => !Array.isArray(value) || value.every((item) => accepts(items, item)),
  required: (names: string[], value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  propertyNames: (names: JsonSchema, value) =>
    !isObject(value) || Object.keys(value).every((name) => accepts(names, name)),
  properties: (properties: Record<string, JsonSchema>, value) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, each]) => properties[name] === undefined || accepts(properties[name], each),
    ),
  additionalProperties: (additional: JsonSchema | false, value, part) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, each]) =>
        Object.hasOwn(part.properties ?? {}, name) || (additional !== false && accepts(additional, each)),
    ),
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeOf(value) === 'object'
}

const catalog = readdirSync(join(repository, 'catalog'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => [name, readFileSync(join(repository, 'catalog', name, 'recipe.yaml'), 'utf8')] as const)

const good = [
  'entrypoint: {command: a b}',
  'entrypoint: a b',
  'cmd: [sleep, 10, true]',
  'ports: [80, "81", 82/udp]',
  'accounts: {run-as: 1000, root: true, users: [{username: a, uid: 1}]}',
  'paths: [{type: emptyfile, path: /a, mode: 0o600}, {type: permissions, path: /b, permissions: "0700", recursive: true}]',
  'environment: {A: 1, B: 1.5, C: true, D: x}',
  'hardening: {allow: [{rule: shell, path: /usr/bin/dash, why: for a good reason}]}',
  'variant: dev',
  'line: 17\nvars: {A: 1}\nvariants: {dev: {}}\nlines: {15: {distribution: debian-12, vars: {A: 2}, variants: {dev: {ports: [80]}}}}',
  'ports: [80]\npaths: [{type: delete, path: /a}]\nvariants: {dev: {contents: {packages: [bash, "!tzdata"]}, ports: ["!80"], paths: ["!/a"], cmd: [a]}}',
  'output: {compression: zstd, media-types: oci, layers: 1}',
  'output: {level: 9}\ndependencies: [{npm: package-lock.json, into: /app, strip: true}]',
  'contents: {repositories: [deb https://a.example b c, {address: "https://a.example/x", suite: b}]}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of vars
  'vars: {V: 1, D: debian-13}\ndistribution: ${{vars.D}}\ncontents: {packages: ["ab=${{vars.V}}"]}\noutput:\n  layers: ${{vars.V}}',
]

const bad = [
  'nam: x',
  'variants: {dev: {nam: x}}',
  'line: "17"\nlines: {"15": {line: x}}',
  'line: "17"\nlines: {"15": {contents: {packages: [A]}}}',
  'variants: {dev: {name: x}}',
  'variants: {dev: {contents: {packages: [A]}}}',
  'ports: [0]',
  'ports: [a]',
  'contents: {packages: [A]}',
  'contents: nginx',
  'paths: [{type: dir, path: /a}]',
  'paths: [{type: delete, path: a}]',
  'paths: [{type: delete, path: /a, recursive: true}]',
  'hardening: {allow: [{rule: shell}]}',
  'accounts: {users: [{name: a}]}',
  'environment: {A: [b]}',
  'distribution: debian-1',
]

describe('the JSON Schema', () => {
  it.each([...good.map((text) => [text, text] as const), ...catalog])('accepts %s', (_name, text) => {
    expect(() => parseRecipe(text, { file: 'a.yaml' })).not.toThrow()
    expect(accepts(schema, parse(text))).toBe(true)
  })

  it.each(bad)('refuses %s', (text) => {
    expect(() => parseRecipe(text, { file: 'a.yaml' })).toThrow()
    expect(accepts(schema, parse(text))).toBe(false)
  })

  it('accepts an extension, which only a file can have', () => {
    expect(accepts(schema, { extends: 'nginx' })).toBe(true)
    expect(accepts(schema, { extends: 1 })).toBe(false)
  })

  it('describes every field with an example', () => {
    const silent: string[] = []
    const visit = (part: JsonSchema, path: string) => {
      for (const [name, field] of Object.entries(part.properties ?? {})) {
        const branch = field.const !== undefined || name === 'type'
        if (!branch && (field.description === undefined || field.examples === undefined))
          silent.push(`${path}.${name}`)
        visit(field, `${path}.${name}`)
      }
      for (const each of [part.items, ...(part.anyOf ?? []), ...(part.oneOf ?? [])])
        if (each) visit(each, path)
    }
    for (const [name, part] of Object.entries(schema.$defs ?? {})) visit(part, name)
    expect(silent).toEqual([
      'recipe.entrypoint.command',
      'line.entrypoint.command',
      'variant.entrypoint.command',
    ])
  })

  it('has examples that are valid', () => {
    for (const part of Object.values(schema.$defs ?? {}))
      for (const [name, field] of Object.entries(part.properties ?? {}))
        for (const example of field.examples ?? [])
          expect([name, accepts(field, example)]).toEqual([name, true])
  })
})

describe('generated files', () => {
  it('are current (npm run docs writes them)', () => {
    const page = readFileSync(join(repository, 'docs/reference/recipe.md'), 'utf8')
    const bare = page.replace(/\[([^\]]+)\]\(\.\.\/glossary\.md#[^)]+\)/g, '$1')
    expect(bare.endsWith(recipeReference())).toBe(true)
    const written: unknown = JSON.parse(
      readFileSync(join(repository, 'packages/temper/schema/recipe.schema.json'), 'utf8'),
    )
    expect(written).toEqual(JSON.parse(JSON.stringify(schema)))
  })
})
