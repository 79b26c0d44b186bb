import { type JsonSchema, plainJsonSchema } from './json-schema.ts'

const introduction = `# Recipes

A recipe is a YAML file that says what an image is made of. Temper looks for \`catalog/NAME/recipe.yaml\`, in the
working folder first and then among the recipes that ship with it; any other path works too. The lock lies beside
the recipe (\`recipe.lock.json\`), and so do the files that it adds: they are named relative to the recipe's folder,
and neither \`..\` nor a link may leave it.

Where [apko](https://github.com/chainguard-dev/apko) or the open definitions of Docker Hardened Images have a field
of the same meaning, it has their name, and both spellings are accepted. Unknown fields are errors. So are YAML's
merge keys (\`<<\`) and a key that is there twice; anchors and aliases may be used.

Texts are taken as they are written: under \`environment\`, \`labels\`, \`tags\` and the like \`1.20\` stays \`1.20\`.
Permissions are octal: \`0o755\`, \`0755\` or \`"755"\`. A var is used as \`\${{vars.NAME}}\`; \`$\${{\` stands for a
literal \`\${{\`, and everything else with a dollar sign is left alone.

\`temper schema\` prints the JSON Schema that this page follows, for editors. The smallest recipe:

\`\`\`yaml
contents:
  packages: [nginx]
entrypoint: [/usr/sbin/nginx, -g, daemon off;]
\`\`\`
`

/** docs/reference/recipe.md: every field of the schema with its type, meaning and an example, in its order. */
export function recipeReference(): string {
  const schema = plainJsonSchema()
  const reference = new SchemaReference(schema.$defs ?? {})
  const recipe = reference.resolve(schema)
  const overview = Object.keys(recipe.properties ?? {}).map((name) => `[${name}](#${anchor(name)})`)
  const parts = [introduction, `The fields: ${overview.join(', ')}.\n`, ...reference.fields(recipe, '')]
  return `${parts.join('\n').trimEnd()}\n`
}

/** Writes the schema as text for people. */
export class SchemaReference {
  private readonly definitions: Readonly<Record<string, JsonSchema>>

  constructor(definitions: Readonly<Record<string, JsonSchema>>) {
    this.definitions = definitions
  }

  resolve(schema: JsonSchema): JsonSchema {
    const name = schema.$ref?.split('/').at(-1)
    const target = name === undefined ? undefined : this.definitions[name]
    return target === undefined ? schema : { ...target, ...schema, $ref: undefined as never }
  }

  /** One section for each field, and below it those of the mapping or list that it holds. */
  fields(object: JsonSchema, prefix: string): string[] {
    return Object.entries(object.properties ?? {}).flatMap(([name, value]) => {
      const path = `${prefix}${name}`
      const field = this.resolve(value)
      const level = prefix === '' ? '##' : '###'
      const lines = [`${level} ${path}\n`, `*${this.typeOf(field)}.* ${field.description ?? ''}\n`]
      const example = field.examples?.[0]
      if (example !== undefined) lines.push(exampleBlock(path, example))
      return [...lines, ...this.inner(field, path)]
    })
  }

  /** What a field holds: the fields of a mapping as sections, those of list entries as tables. */
  private inner(field: JsonSchema, path: string): string[] {
    if (field.items === undefined) return field.properties === undefined ? [] : this.fields(field, `${path}.`)
    const item = this.resolve(field.items)
    if (item.oneOf !== undefined)
      return item.oneOf.flatMap((branch) => this.entries(this.resolve(branch), `${path}[]`))
    const object = this.objectOf(item)
    return object === undefined ? [] : this.entries(object, `${path}[]`)
  }

  /** The fields of a list's entries as a table, then the tables of mappings in it. */
  private entries(object: JsonSchema, path: string): string[] {
    const type = object.properties?.['type']
    const kinds = (type?.enum ?? (type?.const === undefined ? [] : [type.const])).map((kind) => `\`${kind}\``)
    const nested: string[] = []
    const rows = Object.entries(object.properties ?? {}).flatMap(([name, value]) => {
      if (name === 'type') return []
      const field = this.resolve(value)
      if (field.properties !== undefined) nested.push(...this.entries(field, `${path}.${name}`))
      else nested.push(...this.inner(field, `${path}.${name}`))
      const needed = object.required?.includes(name) === true ? 'yes' : ''
      const example = field.examples?.[0] === undefined ? '' : ` Example: \`${flow(field.examples[0])}\``
      return [`| \`${name}\` | ${this.typeOf(field)} | ${needed} | ${field.description ?? ''}${example} |`]
    })
    const heading = kinds.length === 0 ? `### ${path}\n` : `### ${path} of type ${kinds.join(' or ')}\n`
    const description = kinds.length === 0 ? [] : [`${object.description ?? ''}\n`]
    const table = ['| Field | Type | Needed | Meaning |', '| --- | --- | --- | --- |', ...rows]
    return [heading, ...description, `${table.join('\n')}\n`, ...nested]
  }

  private objectOf(schema: JsonSchema): JsonSchema | undefined {
    if (schema.properties !== undefined) return schema
    return schema.anyOf
      ?.map((option) => this.resolve(option))
      .find((option) => option.properties !== undefined)
  }

  /** The mappings that a field holds: the field itself, the entries of a list, or its alternatives. */
  inside(schema: JsonSchema): readonly JsonSchema[] {
    const field = this.resolve(schema)
    if (field.properties !== undefined) return [field]
    const options = field.items === undefined ? (field.anyOf ?? field.oneOf ?? []) : [field.items]
    return options.flatMap((option) => this.inside(option))
  }

  /** In a few words: "list of texts". */
  typeOf(schema: JsonSchema): string {
    const field = this.resolve(schema)
    if (field.const !== undefined) return `\`${String(field.const)}\``
    if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(', ')
    const options = field.anyOf ?? field.oneOf
    if (options !== undefined) {
      const scalars = options.every((option) => ['string', 'number', 'boolean'].includes(option.type ?? ''))
      if (scalars) return 'text'
      return [...new Set(options.map((option) => this.typeOf(option)))].join(' or ')
    }
    if (field.type === 'array')
      return field.items === undefined ? 'list' : `list of ${this.plural(field.items)}`
    if (field.type === 'object')
      return typeof field.additionalProperties === 'object'
        ? this.mappingOf(field.additionalProperties)
        : 'mapping'
    return { string: 'text', integer: 'whole number', boolean: 'true or false' }[field.type ?? ''] ?? 'any'
  }

  private mappingOf(values: JsonSchema): string {
    return `mapping of names to ${this.resolve(values).type === 'object' ? 'mappings' : 'texts'}`
  }

  private plural(items: JsonSchema): string {
    const name = this.typeOf(items)
    if (this.resolve(items).oneOf !== undefined) return 'mappings'
    return name.replace(/^(text|mapping)/, '$1s').replace(/ or (text|mapping)$/, ' or $1s')
  }
}

/** As GitHub makes anchors of headings. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '')
}

function exampleBlock(path: string, example: unknown): string {
  const parts = path.split('.')
  const lines = parts.slice(0, -1).map((part, depth) => `${'  '.repeat(depth)}${part}:`)
  const indent = '  '.repeat(parts.length - 1)
  return `\`\`\`yaml\n${[...lines, `${indent}${parts.at(-1)}: ${flow(example)}`].join('\n')}\n\`\`\`\n`
}

/** A value as YAML writes it on one line; texts are quoted where YAML would take them for something else. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${flow(each)}`)
      .join(', ')} }`
  if (typeof value !== 'string') return String(value)
  if (/^0o?[0-7]+$/.test(value)) return value.startsWith('0o') ? value : `"${value}"`
  return /^[A-Za-z/][A-Za-z0-9 ./:_=@+-]*$/.test(value) && !/: |^(true|false|null)$/.test(value)
    ? value
    : JSON.stringify(value)
}
