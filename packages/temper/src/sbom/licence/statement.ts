import { hexOf, sha256 } from '../../base/digest.ts'
import type { LicenceStatement } from '../../model/package/licence.ts'
import { licencesIn, parseExpression } from './expression.ts'

const ownReference = /^LicenseRef-/

/** What takes the place of the text of a licence that only has a name. */
const noText = 'The text of this licence was not read; the package that names it has it.'

/**
 * Makes a statement from what a package says about its licence: an expression if it is one, else its own words under
 * a `LicenseRef-…`, since documents may hold only expressions.
 */
export function licenceStatement(text: string): LicenceStatement {
  const parsed = parseExpression(text)
  if (parsed === undefined) {
    const name = `LicenseRef-words-${hexOf(sha256(text)).slice(0, 16)}`
    return { expression: name, texts: { [name]: text }, words: text }
  }
  const texts: Record<string, string> = {}
  for (const { license } of licencesIn(parsed)) if (ownReference.test(license)) texts[license] = noText
  return { expression: text, texts }
}

/** The same, parsing each distinct text once. */
export function licenceStatements(): (text: string) => LicenceStatement {
  const known = new Map<string, LicenceStatement>()
  return (text) => {
    const statement = known.get(text) ?? licenceStatement(text)
    known.set(text, statement)
    return statement
  }
}
