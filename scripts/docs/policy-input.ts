/** A JSON Schema, as far as it is written out here. */
interface Schema {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema | false
}

/** docs/reference/policy-input.md, from the schema of the input. */
export function policyInputReference(schema: object): string {
  const { properties = {} } = schema as Schema
  const parts = Object.entries(properties).flatMap(([name, member]) => {
    const inner = member.items ?? member
    if (inner.properties === undefined) return []
    const title = member.type === 'array' ? `Each of \`${name}\`` : `\`${name}\``
    return [`## ${title}\n\n${table(inner, '')}`]
  })
  return `# What a policy judges

The input of a [policy](policy.md): what its own rules read, and what its examples write. \`temper policy input REF\` prints that of
an image, \`temper schema policy-input\` the JSON Schema. Members of which it says "absent where" may be missing: ask \`has(…)\` first. Whole
numbers are CEL's \`int\`, but for \`score\` and \`epss\`, which are \`double\`. Members may be added.

${table(schema as Schema, '')}
${parts.join('\n')}`
}

function table({ properties = {} }: Schema, prefix: string): string {
  const rows = Object.entries(properties).map(
    ([name, member]) => `| \`${prefix}${name}\` | ${valueText(member)} | ${member.description ?? ''} |\n`,
  )
  return `| Member | Value | Meaning |\n| --- | --- | --- |\n${rows.join('')}`
}

function valueText({ type, enum: values, items, anyOf, additionalProperties }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (anyOf !== undefined) return anyOf.map(valueText).join(' or ')
  if (type === 'array') return items?.properties === undefined ? `list of ${valueText(items ?? {})}` : 'list'
  if (type === 'object') return additionalProperties ? `map of ${valueText(additionalProperties)}` : 'object'
  return { string: 'string', integer: 'int', number: 'double', boolean: 'bool' }[type ?? ''] ?? 'empty'
}
