import { TemperError } from '../../base/error.ts'
import { closest } from '../../base/suggestion.ts'
import { type JsonSchema, plainJsonSchema } from './json-schema.ts'
import { flow, SchemaReference } from './reference.ts'

/** What there is to say about one key of a recipe. */
export interface Explanation {
  /** "contents.files[].source". */
  readonly key: string
  /** The type as people write it: "list of texts". */
  readonly type: string
  readonly needed: boolean
  readonly description: string
  /** An example in YAML; absent when there is none. */
  readonly example?: string
  /** Keys below it. */
  readonly fields: readonly { readonly name: string; readonly type: string; readonly description: string }[]
}

/**
 * What a key of a recipe means, by its path: "contents.packages", "steps[].run", "steps.run" or "steps[0].run".
 * Throws `bad-usage`, which lists the existing keys.
 */
export function explainKey(path: string): Explanation {
  const schema = plainJsonSchema()
  const reference = new SchemaReference(schema.$defs ?? {})
  const parts = path.split('.').flatMap((part) => part.replaceAll(/\[\d*\]/g, '') || [])
  let options: readonly JsonSchema[] = [reference.resolve(schema)]
  let key = ''
  let needed = false
  for (const part of parts) {
    const matching = options.filter((each) => Object.hasOwn(each.properties ?? {}, part))
    const [first] = matching
    const field = first?.properties?.[part]
    if (first === undefined || field === undefined) throw unknownKey(part, key, options)
    needed = matching.every((each) => each.required?.includes(part) === true)
    const whole = reference.resolve(field)
    const isList = whole.items !== undefined && part !== parts.at(-1)
    key = `${key}${key === '' ? '' : '.'}${part}${isList ? '[]' : ''}`
    options = part === parts.at(-1) ? [whole] : reference.inside(whole)
  }
  const [own = {}] = options
  const example = own.examples?.[0]
  return {
    key,
    type: reference.typeOf(own),
    needed,
    description: own.description ?? '',
    ...(example === undefined ? {} : { example: flow(example) }),
    fields: fieldsOf(parts.length === 0 ? options : reference.inside(own), reference),
  }
}

function fieldsOf(objects: readonly JsonSchema[], reference: SchemaReference): Explanation['fields'] {
  const fields = new Map<string, Explanation['fields'][number]>()
  for (const [name, value] of objects.flatMap((each) => Object.entries(each.properties ?? {}))) {
    const { description = '' } = reference.resolve(value)
    if (!fields.has(name)) fields.set(name, { name, type: reference.typeOf(value), description })
  }
  return [...fields.values()]
}

function unknownKey(part: string, above: string, options: readonly JsonSchema[]): TemperError {
  const known = [...new Set(options.flatMap((each) => Object.keys(each.properties ?? {})))]
  const near = closest(part, known)
  const where = above === '' ? 'A recipe' : above
  const has = known.length === 0 ? 'has no keys' : `has ${known.join(', ')}`
  return new TemperError('bad-usage', `${where} has no key "${part.slice(0, 80)}"`, {
    hint: near === undefined ? `${above === '' ? 'It' : above} ${has}.` : `Did you mean "${near}"?`,
    details: { key: part, known },
  })
}
