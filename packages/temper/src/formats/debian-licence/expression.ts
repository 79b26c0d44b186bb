import { exceptionId, licenceId } from './names.ts'

/**
 * A licence expression. `exception` is set only together with a licence of SPDX's list; everything that is not
 * on it is a single name.
 */
export type LicenceTerm =
  | { readonly kind: 'listed'; readonly id: string; readonly exception?: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly LicenceTerm[] }

/** More words than this is prose, not an expression. */
const wordLimit = 100

/**
 * Reads the first line of a License field (copyright-format 1.0, "License specification"): names joined by `and` and
 * `or`, of which `and` binds tighter unless a comma stands before it, with `NAME with KEYWORDS exception`. Anything
 * else becomes one name as it is.
 */
export function parseExpression(text: string): LicenceTerm {
  const words = text.trim().split(/\s+/)
  if (words.length > wordLimit) return { kind: 'named', name: words.slice(0, wordLimit).join(' ') }
  const parts = text.split(',').map((part) => part.trim().split(/\s+/))
  const operands: LicenceTerm[] = []
  const operators: ('and' | 'or')[] = []
  for (const [place, part] of parts.entries()) {
    const operator = operatorOf(part[0])
    const rest = operator === undefined || place === 0 ? part : part.slice(1)
    const term = parseFlat(rest)
    if (term === undefined) return { kind: 'named', name: words.join(' ') }
    if (place > 0) operators.push(operator ?? 'and')
    operands.push(term)
  }
  return combine(operands, operators)
}

/** Words without commas; undefined when an operator has nothing on one side. */
function parseFlat(words: readonly string[]): LicenceTerm | undefined {
  const operands: LicenceTerm[] = []
  const operators: ('and' | 'or')[] = []
  let name: string[] = []
  for (const word of [...words, 'and']) {
    const operator = operatorOf(word)
    if (operator === undefined) {
      name.push(word)
      continue
    }
    if (name.length === 0 || name[0] === '') return undefined
    operands.push(parseName(name))
    operators.push(operator)
    name = []
  }
  return combine(operands, operators.slice(0, -1))
}

function operatorOf(word: string | undefined): 'and' | 'or' | undefined {
  const lower = word?.toLowerCase()
  if (lower === 'and' || lower === 'or') return lower
  return lower === '|' || lower === '||' ? 'or' : undefined
}

function parseName(words: readonly string[]): LicenceTerm {
  const name = words.join(' ')
  const at = words.findIndex((word) => word.toLowerCase() === 'with')
  const id = licenceId(at < 0 ? name : words.slice(0, at).join(' '))
  if (id === undefined) return { kind: 'named', name }
  if (at < 0) return { kind: 'listed', id }
  const exception = exceptionId(words.slice(at + 1).join(' '), id)
  return exception === undefined ? { kind: 'named', name } : { kind: 'listed', id, exception }
}

/** `and` binds tighter than `or`. There is one operator less than operands. */
function combine(operands: readonly LicenceTerm[], operators: readonly ('and' | 'or')[]): LicenceTerm {
  const alternatives: LicenceTerm[][] = [[]]
  for (const [place, operand] of operands.entries()) {
    if (place > 0 && operators[place - 1] === 'or') alternatives.push([])
    alternatives.at(-1)?.push(operand)
  }
  return join(
    'or',
    alternatives.map((terms) => join('and', terms)),
  )
}

/** Joins terms; nested joins of the same kind become one. */
export function join(kind: 'and' | 'or', terms: readonly LicenceTerm[]): LicenceTerm {
  const flat = terms.flatMap((term) => (term.kind === kind ? term.terms : [term]))
  const [only] = flat
  return only !== undefined && flat.length === 1 ? only : { kind, terms: flat }
}

/**
 * Writes an expression in the syntax of SPDX, with terms sorted and without duplicates. `reference` gives the
 * `LicenseRef-…` of a name that is not on SPDX's list.
 */
export function formatExpression(term: LicenceTerm, reference: (name: string) => string): string {
  switch (term.kind) {
    case 'listed':
      return term.exception === undefined ? term.id : `${term.id} WITH ${term.exception}`
    case 'named':
      return reference(term.name)
    default: {
      const texts = term.terms.map((each) => {
        const text = formatExpression(each, reference)
        return each.kind === 'or' && text.includes(' OR ') ? `(${text})` : text
      })
      return [...new Set(texts)].sort().join(term.kind === 'and' ? ' AND ' : ' OR ')
    }
  }
}
