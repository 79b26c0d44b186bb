import { AwkError } from './syntax.ts'

const widest = 1000

/** Numbers as awk prints them: whole ones as they are, others with six digits. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value)
  if (!Number.isFinite(value)) throw new AwkError('a number without end')
  const short = String(Number(value.toPrecision(6)))
  // Notation with an exponent differs between programs.
  if (/e/.test(short)) throw new AwkError('a number with an exponent')
  return short
}

/** `printf` (POSIX file format notation): %s, %d, %i, %c, %x, %X, %o, %f. */
export function formatted(format: string, next: { text(): string; number(): number }): string {
  return format.replace(
    /%([-+ 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string, precision: string | undefined, type: string) => {
      if (type === '%') return '%'
      if (Number(width) > widest || Number(precision ?? 0) > 100) throw new AwkError('too wide')
      const digits = precision === undefined ? undefined : Number(precision)
      const body = bodyOf(type, digits, next)
      const signed = /^[dif]$/.test(type) && flags.includes('+') && !body.startsWith('-') ? `+${body}` : body
      if (flags.includes('-')) return signed.padEnd(Number(width))
      return flags.includes('0') && type !== 's' && !signed.startsWith('-')
        ? signed.padStart(Number(width), '0')
        : signed.padStart(Number(width))
    },
  )
}

function bodyOf(
  type: string,
  precision: number | undefined,
  next: { text(): string; number(): number },
): string {
  switch (type) {
    case 's':
      return next.text().slice(0, precision)
    case 'c': {
      const text = next.text()
      // A number would be the code of a character.
      if (/^\d/.test(text)) throw new AwkError('%c of a number')
      return text.slice(0, 1)
    }
    case 'd':
    case 'i':
      return numberText(Math.trunc(next.number()))
    case 'x':
      return unsigned(next.number()).toString(16)
    case 'X':
      return unsigned(next.number()).toString(16).toUpperCase()
    case 'o':
      return unsigned(next.number()).toString(8)
    case 'f':
      return fixed(next.number(), precision ?? 6)
  }
  throw new AwkError(`%${type}`)
}

/** Of numbers below zero programs make different ones. */
function unsigned(value: number): number {
  if (value < 0) throw new AwkError('a number without sign of one below zero')
  return Math.trunc(value)
}

/** What lies in the middle is rounded to the even digit by some programs, and up by others. */
function fixed(value: number, digits: number): string {
  if (Math.abs((value * 10 ** digits) % 1) === 0.5) throw new AwkError('rounding')
  return value.toFixed(digits)
}
