import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'

const mostNumbers = 10_000

/** `seq [-s SEPARATOR] [FIRST [STEP]] LAST` (seq(1)) of whole numbers. */
export function seq(call: CommandCall): CommandResult | undefined {
  const numbers = call.arguments.map((word) => (/^-?\d{1,9}$/.test(word ?? '') ? Number(word) : undefined))
  const start = numbers.findIndex(
    (each, i) => numbers.slice(i).every((rest) => rest !== undefined) && each !== undefined,
  )
  const [a, b, c] = start < 0 ? [] : numbers.slice(start)
  const { flags, values, operands } = readOptions(call.arguments.slice(0, Math.max(start, 0)), {
    valued: ['-s'],
  })
  if (a === undefined || numbers.length - start > 3 || flags.size > 0 || operands.length > 0) return undefined
  const [first, step, last] = b === undefined ? [1, 1, a] : c === undefined ? [a, 1, b] : [a, b, c]
  if (step === 0 || (last - first) / step > mostNumbers) return undefined
  const all: number[] = []
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) all.push(at)
  const separator = values.has('-s') ? values.get('-s') : '\n'
  if (separator === undefined) return undefined
  return { status: 0, output: all.length === 0 ? '' : `${all.join(separator)}\n` }
}
