import { TemperError } from '../../base/error.ts'
import { printableJson, printableLine } from '../../base/printable.ts'

/** A `bad-index` error: the problem, preceded by its place: "main of alpine v3.23, line 7". */
export function badIndex(where: string, found: string): TemperError {
  return new TemperError('bad-index', `${printableLine(where)}: ${found}`, {
    hint: 'The index is damaged, or does not follow the rules of apk. Use another mirror, or tell whoever makes the repository.',
  })
}

/** A `bad-archive` error: the problem, preceded by the package's file. */
export function badPackage(what: string, found: string): TemperError {
  return new TemperError('bad-archive', `${printableLine(what)}: ${found}`, {
    hint: 'The package is damaged, or is not what apk makes. Fetch it again, use another mirror, or tell whoever makes the package.',
  })
}

/** A `limit-exceeded` error: the problem, preceded by its place. */
export function tooMuch(where: string, found: string): TemperError {
  return new TemperError('limit-exceeded', `${printableLine(where)}: ${found}`, {
    hint: 'No honest file of this size is known; it may be made to fill memory. Use another mirror.',
  })
}

/** Foreign text in quotes on one line, cut to a number of characters. */
export function shown(text: string, most = 80): string {
  return printableJson(text.length > most ? `${text.slice(0, most)}…` : text)
}
