import { TemperError } from '../../base/error.ts'
import { printableJson, printableLine } from '../../base/printable.ts'

/** `bad-index`: what is wrong, with where it stands in front: "main of alpine v3.23, line 7". */
export function badIndex(where: string, found: string): TemperError {
  return new TemperError('bad-index', `${printableLine(where)}: ${found}`, {
    hint: 'The index is damaged, or was made by other rules than those of apk. Use another mirror, or tell whoever makes the repository.',
  })
}

/** `bad-archive`: what is wrong, with the package's file in front. */
export function badPackage(what: string, found: string): TemperError {
  return new TemperError('bad-archive', `${printableLine(what)}: ${found}`, {
    hint: 'The package is damaged, or is not what apk makes. Fetch it again, use another mirror, or tell whoever makes the package.',
  })
}

/** `limit-exceeded`, with where in front. */
export function tooMuch(where: string, found: string): TemperError {
  return new TemperError('limit-exceeded', `${printableLine(where)}: ${found}`, {
    hint: 'No honest file of this size is known; it may be made to fill memory. Use another mirror.',
  })
}

/** Foreign text of at most so many characters in quotes, on one line. */
export function shown(text: string, most = 80): string {
  return printableJson(text.length > most ? `${text.slice(0, most)}…` : text)
}
