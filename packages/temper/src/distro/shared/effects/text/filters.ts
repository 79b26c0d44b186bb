import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, CommandModel } from '../effect.ts'
import { awk } from './awk/awk.ts'
import { checksum, checksumPrograms } from './checksum.ts'
import { expr } from './expr.ts'
import { getopt } from './getopt.ts'
import { grep } from './grep.ts'
import { type FilterWorld, inputOf, linesOf, textOf, wholeLines } from './input.ts'
import { find, xargs } from './search.ts'
import { sed } from './sed-command.ts'
import { seq } from './seq.ts'
import { sort } from './sort.ts'
import { translate } from './translate.ts'

/** Commands that transform text, as far as their input is known. */
export function filters(world: FilterWorld): Readonly<Record<string, CommandModel>> {
  return {
    grep: (call) => grep(call, world),
    egrep: (call) => grep({ ...call, arguments: ['-E', ...call.arguments] }, world),
    fgrep: (call) => grep({ ...call, arguments: ['-F', ...call.arguments] }, world),
    sed: (call) => sed(call, world),
    cut: (call) => cut(call, world),
    head: (call) => ends(call, world, 'first'),
    tail: (call) => ends(call, world, 'last'),
    sort: (call) => sort(call, world),
    uniq: (call) => byLines(call, world, [], (lines) => lines.filter((line, i) => line !== lines[i - 1])),
    tr: (call) => translate(call),
    wc: (call) => count(call, world),
    awk: (call) => awk(call, world),
    mawk: (call) => awk(call, world),
    gawk: (call) => awk(call, world),
    expr: (call) => expr(call, world.fuel),
    getopt: (call) => getopt(call),
    seq: (call) => seq(call),
    find: (call) => find(call, world),
    xargs: (call) => xargs(call),
    ...Object.fromEntries(
      Object.entries(checksumPrograms).map(([name, hash]): [string, CommandModel] => [
        name,
        (call) => checksum(call, hash, world),
      ]),
    ),
    tac: (call) => {
      const { flags, operands } = readOptions(call.arguments, {})
      const text = flags.size > 0 ? undefined : inputOf(call, operands, world)
      return text === undefined ? undefined : ok([...wholeLines(text)].reverse().join(''))
    },
  }
}

const ok = (output: string): CommandResult => ({ status: 0, output })

/** A filter without options of its own but for those named, which change nothing. */
function byLines(
  call: CommandCall,
  world: FilterWorld,
  harmless: readonly string[],
  change: (lines: readonly string[]) => readonly string[],
): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if ([...flags].some((flag) => !harmless.includes(flag))) return undefined
  const text = inputOf(call, operands, world)
  return text === undefined ? undefined : ok(textOf(change(linesOf(text))))
}

/** `cut -d: -f1,3-`, `cut -c1-4` and `-b`. */
function cut(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-d', '-f', '-c', '-b'] })
  const list = values.get('-f') ?? values.get('-c') ?? values.get('-b')
  const wanted = list === undefined ? undefined : positions(list)
  const text = inputOf(call, operands, world)
  const delimiter = values.get('-d') ?? '\t'
  if (wanted === undefined || text === undefined || delimiter.length !== 1) return undefined
  if ([...flags].some((flag) => flag !== '-s')) return undefined
  const joint = values.has('-f') ? delimiter : ''
  const lines = linesOf(text).flatMap((line) => {
    if (joint !== '' && !line.includes(joint)) return flags.has('-s') ? [] : [line]
    return [
      line
        .split(joint)
        .filter((_, i) => wanted(i + 1))
        .join(joint),
    ]
  })
  return ok(textOf(lines))
}

function positions(list: string): ((position: number) => boolean) | undefined {
  const ranges = list.split(',').map((part) => /^(\d{0,6})(-?)(\d{0,6})$/.exec(part))
  if (ranges.some((range) => range === null || range[0] === '' || range[0] === '-')) return undefined
  return (position) =>
    ranges.some((range) => {
      const [, low = '', dash, high = ''] = range ?? []
      if (dash === '') return position === Number(low)
      return position >= Number(low || '1') && (high === '' || position <= Number(high))
    })
}

/** `head -n 2`, `-2`, `-c 20`; `tail` the same, and from the third line on with `+3`. */
function ends(call: CommandCall, world: FilterWorld, which: 'first' | 'last'): CommandResult | undefined {
  const words = call.arguments.map((word) => (/^-\d{1,6}$/.test(word ?? '') ? `-n${word?.slice(1)}` : word))
  const { flags, values, operands } = readOptions(words, { valued: ['-n', '-c', '--lines', '--bytes'] })
  const bytes = values.get('-c') ?? values.get('--bytes')
  const wanted = bytes ?? values.get('-n') ?? values.get('--lines') ?? '10'
  const [, sign = '', digits] = /^([-+]?)(\d{1,6})$/.exec(wanted) ?? []
  const text = inputOf(call, operands, world)
  const plain = [...flags].every((flag) => flag === '-q') && values.size <= 1
  if (text === undefined || !plain || digits === undefined) return undefined
  // Characters of several bytes might be cut.
  if (bytes !== undefined && /[^\0-\x7f]/.test(text)) return undefined
  const parts = bytes === undefined ? wholeLines(text) : [...text]
  const count = Number(digits)
  if (which === 'first')
    return ok((sign === '-' ? parts.slice(0, -count || undefined) : parts.slice(0, count)).join(''))
  const from = sign === '+' ? Math.max(0, count - 1) : Math.max(0, parts.length - count)
  return ok(parts.slice(from).join(''))
}

function count(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  const text = inputOf(call, operands, world)
  if (text === undefined || flags.size !== 1 || operands.length > 0) return undefined
  if (flags.has('-l')) return ok(`${text.split('\n').length - 1}\n`)
  if (flags.has('-c')) return ok(`${Buffer.byteLength(text)}\n`)
  return flags.has('-w') ? ok(`${text.split(/\s+/).filter(Boolean).length}\n`) : undefined
}
