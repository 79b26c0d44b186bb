import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'
import { type FilterWorld, inputOf, linesOf, textOf } from './input.ts'

type Key = (line: string) => string

/** `sort` (sort(1)) in the C locale, with -u, -r, -n, and one key of whole fields: `-t: -k3`, `-k 2,2n`. */
export function sort(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: ['-t', '--field-separator', '-k', '--key'],
  })
  if ([...flags].some((flag) => !/^-[urnsf]$|^--(?:unique|reverse|numeric-sort|stable)$/.test(flag)))
    return undefined
  const has = (short: string, long: string) => flags.has(short) || flags.has(long)
  const written = values.get('-k') ?? values.get('--key')
  const separator = values.get('-t') ?? values.get('--field-separator')
  if (values.size > 0 && written === undefined) return undefined
  const [, first = '1', second, kinds = ''] = /^(\d{1,3})(?:,(\d{1,3}))?([nr]*)$/.exec(written ?? '1') ?? [
    '',
    '',
  ]
  if (first === '' || (written !== undefined && separator === undefined)) return undefined
  const text = inputOf(call, operands, world)
  if (text === undefined || (separator ?? ':').length !== 1 || flags.has('-f')) return undefined
  const key: Key =
    written === undefined
      ? (line) => line
      : (line) => fields(line, { separator: separator ?? '', first, second })
  const compare = has('-n', '--numeric-sort') || kinds.includes('n') ? byNumber : byBytes
  const reverse = has('-r', '--reverse') || kinds.includes('r') ? -1 : 1
  const unique = has('-u', '--unique')
  const stable = unique || has('-s', '--stable')
  // What is equal by its key is in the order of the whole lines, which only a flag for all turns around.
  const last = has('-r', '--reverse') ? -1 : 1
  const lines = [...linesOf(text)].sort(
    (a, b) => reverse * compare(key(a), key(b)) || (stable ? 0 : last * byBytes(a, b)),
  )
  const kept = unique
    ? lines.filter((line, i) => i === 0 || compare(key(lines[i - 1] ?? ''), key(line)) !== 0)
    : lines
  return { status: 0, output: textOf(kept) }
}

function fields(
  line: string,
  {
    separator,
    first,
    second,
  }: { readonly separator: string; readonly first: string; readonly second: string | undefined },
): string {
  const parts = line.split(separator)
  return parts.slice(Number(first) - 1, second === undefined ? undefined : Number(second)).join(separator)
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** By the number that each begins with; what begins with none is zero. */
function byNumber(a: string, b: string): number {
  const value = (text: string) => Number(/^[ \t]*(-?\d{1,15}(?:\.\d{1,9})?)/.exec(text)?.[1] ?? 0)
  return value(a) - value(b)
}
