import { scanJsonSchema } from './schema.ts'

interface Schema {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** docs/reference/scan-result.md, from the schema. */
export function scanReference(): string {
  const { $defs = {} } = scanJsonSchema() as Schema
  const part = (name: string) => table(rows($defs[name] ?? {}, ''))
  return `# Results of a scan

What \`temper scan --json\` prints for one target; \`temper schema scan\` prints the JSON Schema. For several targets it is
\`{"schemaVersion": 1, "passed": …, "targets": […]}\` with one such object each. All members are always there; what is not
known is \`null\`. Members may be added.

${part('result')}
## A finding

${part('finding')}
## A secret

${part('secret')}`
}

function table(all: readonly (readonly string[])[]): string {
  const lines = [['Member', 'Value', 'Meaning'], ['---', '---', '---'], ...all].map(
    (cells) => `| ${cells.join(' | ')} |\n`,
  )
  return lines.join('')
}

function rows({ properties = {} }: Schema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`
    const inner = innerOf(schema)
    const own = [`\`${path}\``, valueText(schema), schema.description ?? inner?.description ?? '']
    if (inner === undefined) return [own]
    return [own, ...rows(inner, isList(schema) ? `${path}[].` : `${path}.`)]
  })
}

function isList({ items }: Schema): boolean {
  return items !== undefined
}

/** The members of a record, of the records of a list, or of a record that may be null. */
function innerOf({ properties, items, anyOf, ...schema }: Schema): Schema | undefined {
  if (properties !== undefined) return { properties, ...schema }
  if (items !== undefined) return items.allOf?.find((each) => each.properties) ?? innerOf(items)
  return anyOf?.find((each) => each.properties !== undefined)
}

function valueText({ type, enum: values, const: only, anyOf, items }: Schema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ')
  if (anyOf !== undefined) return 'object or null'
  if (items !== undefined) return items.type === 'string' ? 'list of strings' : 'list of objects'
  return typeof type === 'string' ? type : (type ?? []).join(' or ')
}
