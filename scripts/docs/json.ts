import { scanJsonSchema } from '../../packages/temper/src/report/json/schema.ts'
import { placeSchema, violationMembers } from '../../packages/temper/src/report/json/violation.ts'

interface Schema {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
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
Secrets and what breaks a rule of the gate are [violations](violations.md), and say more besides.

${part('result')}
## A finding

${part('finding')}
## A secret

${part('secret')}`
}

/** docs/reference/violations.md, from the schema. */
export function violationsReference(): string {
  const places = (placeSchema as Schema).oneOf ?? []
  const parts = places.map(
    (place) =>
      `### ${valueText(place.properties?.['kind'] ?? {})}: ${lowerFirst(place.description ?? '')}\n\n${table(rows(place, ''))}`,
  )
  return `# Violations

Everything that Temper checks is checked by [rules](rules.md), and what breaks a rule is told in one way, whether a build
refuses an image, a scan finds a secret, a gate says no, or a licence is not accepted: each is a violation, with
these members wherever it stands in JSON. Some say more besides: a secret its line and severity, the gate which finding
it is about, a hole in an image what is needed.

${table(rows({ properties: violationMembers as Schema['properties'] & object }, ''))}
Where they stand: \`secrets\` and \`verdict.violations\` of [scans](scan-result.md), \`scans[].verdict.violations\` of builds,
\`metadata.gate.violations\` of in-toto statements about scans,
\`violations\` of \`temper sbom --deny\` and \`--allow\`, and \`error.details.violations\` of the [errors](errors.md) \`not-closed\`,
\`not-hardened\` and \`gate-refused\`.

## Places

${parts.join('\n')}`
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
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

function valueText({ type, enum: values, const: only, anyOf, items, $ref }: Schema): string {
  if (only !== undefined) return `\`${JSON.stringify(only)}\``
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ')
  if ($ref !== undefined) return 'object'
  if (anyOf !== undefined) return 'object or null'
  if (items !== undefined) return items.type === 'string' ? 'list of strings' : 'list of objects'
  return typeof type === 'string' ? type : (type ?? []).join(' or ')
}
