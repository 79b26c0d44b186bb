import type { Fuel } from '../../scripts/fuel.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall } from '../effect.ts'
import { compileRegexp } from './regexp.ts'

const integer = /^-?\d{1,12}$/

/** `expr` (POSIX utilities, expr) with one operator. */
export function expr({ arguments: words }: CommandCall, fuel: Fuel): CommandResult | undefined {
  const [a, operator, b] = words
  if (words.length === 2 && a === 'length' && operator !== undefined) return answer(String(operator.length))
  if (words.length !== 3 || a === undefined || b === undefined || operator === undefined) return undefined
  if (operator === ':') return match(a, b, fuel)
  const numbers = integer.test(a) && integer.test(b)
  const [x, y] = [Number(a), Number(b)]
  const order = numbers ? x - y : a < b ? -1 : a > b ? 1 : 0
  const holds: Readonly<Record<string, boolean>> = {
    '=': order === 0,
    '==': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  }
  if (Object.hasOwn(holds, operator)) return answer(holds[operator] ? '1' : '0')
  if (!numbers || ((operator === '/' || operator === '%') && y === 0)) return undefined
  const results: Readonly<Record<string, number>> = {
    '+': x + y,
    '-': x - y,
    '*': x * y,
    '/': Math.trunc(x / y),
    '%': x % y,
  }
  return Object.hasOwn(results, operator) ? answer(String((results[operator] ?? 0) + 0)) : undefined
}

/** How much of a text a pattern fits from its start on, or the first group of it. */
function match(text: string, pattern: string, fuel: Fuel): CommandResult | undefined {
  const regexp = compileRegexp(`^${pattern.replace(/^\^/, '')}`, { extended: false, ignoreCase: false, fuel })
  if (regexp === undefined) return undefined
  const first = regexp.find(text)
  const fits = first?.start === 0 ? first : undefined
  if (/\\\(/.test(pattern)) return answer(fits?.groups[1] ?? '')
  return answer(String(fits === undefined ? 0 : fits.end))
}

/** Nothing and null are told by the status, too. */
function answer(text: string): CommandResult {
  return { status: text === '' || text === '0' ? 1 : 0, output: `${text}\n` }
}
