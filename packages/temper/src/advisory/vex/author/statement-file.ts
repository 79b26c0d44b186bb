import { TemperError } from '../../../base/error.ts'
import { parseJson } from '../../../base/json/parse.ts'
import type { VexStatement } from '../../../model/advisory/vex.ts'
import { type Fields, fieldsOf, member, optionalList, Unusable } from '../format/fields.ts'
import { statementJson } from '../format/write.ts'

export interface AddOptions {
  /** Absent: whoever the file names. */
  readonly author?: string
  /** RFC 3339. */
  readonly timestamp: string
  /** For errors. */
  readonly file: string
  /** Makes the id of a new file: any text that no other file has. */
  readonly unique: string
}

/**
 * The text of an OpenVEX file with one more statement. Everything else in the file stays as it is; a statement about
 * the same vulnerability and the same products is replaced. `text` is undefined for a new file. Errors: `bad-vex`
 * when the file is not OpenVEX, `bad-usage` when nobody is named as author.
 */
export function addToFile(text: string | undefined, statement: VexStatement, options: AddOptions): string {
  const { author, timestamp, file } = options
  const old = text === undefined ? undefined : parse(text, file)
  const known = old === undefined ? undefined : member(old, 'author')
  const first = typeof known === 'string' ? known : author
  if (first === undefined)
    throw new TemperError(
      'bad-usage',
      'Expected an author: a new file of statements names the person or team that makes them',
    )
  const version = old === undefined ? 0 : member(old, 'version')
  const added = statementJson(
    // Whoever is not the author of the file is named with what they state.
    author === undefined || author === first ? statement : attributed(statement, author),
  )
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${options.unique}`,
    author: first,
    timestamp,
    ...old,
    ...(old === undefined ? {} : { last_updated: timestamp }),
    version: typeof version === 'number' && Number.isSafeInteger(version) ? version + 1 : 1,
    statements: [...others(old, added), added],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function attributed(statement: VexStatement, author: string): VexStatement {
  const said = statement.statement === undefined ? '' : `${statement.statement}\n`
  return { ...statement, statement: `${said}Stated by ${author}` }
}

function parse(text: string, file: string): Fields {
  try {
    const refuse = (found: string) => new Unusable(`expected JSON, found ${found}`)
    const document = fieldsOf(parseJson(text, { where: file, depth: 64, refuse }), 'the file')
    const context = member(document, '@context')
    if (typeof context === 'string' && /^https:\/\/openvex\.dev\/ns(?:\/v0\.2\.\d+)?$/.test(context))
      return document
    throw new Unusable('expected OpenVEX 0.2')
  } catch (error) {
    if (error instanceof Unusable) throw new TemperError('bad-vex', `${file}: ${error.message}`)
    throw error
  }
}

/** Statements of the file but those that the new one takes the place of. */
function others(old: Fields | undefined, added: Fields): readonly unknown[] {
  if (old === undefined) return []
  const key = keyOf(added)
  return optionalList(old, 'statements').filter((each) => keyOf(each) !== key)
}

/** Equal for statements about the same. */
function keyOf(statement: unknown): string {
  const { vulnerability, products = [] } = (statement ?? {}) as Record<string, unknown>
  const name =
    vulnerability !== null && typeof vulnerability === 'object' && 'name' in vulnerability
      ? vulnerability.name
      : vulnerability
  return JSON.stringify([name, products])
}
