import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, CommandModel } from '../effect.ts'
import { awk } from './awk/awk.ts'
import { expr } from './expr.ts'
import { getopt } from './getopt.ts'
import { grep } from './grep.ts'
import { type FilterWorld, inputOf, linesOf, textOf, wholeLines } from './input.ts'
import { find, xargs } from './search.ts'
import { sed } from './sed-command.ts'

/** Commands that make text of text, as far as what they read is known. */
export function filters(world: FilterWorld): Readonly<Record<string, CommandModel>> {
  return {
    grep: (call) => grep(call, world),
    egrep: (call) => grep({ ...call, arguments: ['-E', ...call.arguments] }, world),
    fgrep: (call) => grep({ ...call, arguments: ['-F', ...call.arguments] }, world),
    sed: (call) => sed(call, world),
    cut: (call) => cut(call, world),
    head: (call) => ends(call, world, (lines, count) => lines.slice(0, count)),
    tail: (call) => ends(call, world, (lines, count) => (count === 0 ? [] : lines.slice(-count))),
    sort: (call) => sort(call, world),
    uniq: (call) => byLines(call, world, [], (lines) => lines.filter((line, i) => line !== lines[i - 1])),
    tr: (call) => translate(call),
    wc: (call) => count(call, world),
    awk: (call) => awk(call, world),
    mawk: (call) => awk(call, world),
    gawk: (call) => awk(call, world),
    expr: (call) => expr(call, world.fuel),
    getopt: (call) => getopt(call),
    find: (call) => find(call, world),
    xargs: (call) => xargs(call),
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

function sort(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-t', '-k', '-o'] })
  if (values.size > 0 || [...flags].some((flag) => !/^-[ur]$/.test(flag))) return undefined
  const text = inputOf(call, operands, world)
  if (text === undefined) return undefined
  const lines = [...linesOf(text)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const wanted = flags.has('-u') ? [...new Set(lines)] : lines
  return ok(textOf(flags.has('-r') ? wanted.reverse() : wanted))
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

function ends(
  call: CommandCall,
  world: FilterWorld,
  take: (lines: readonly string[], count: number) => readonly string[],
): CommandResult | undefined {
  const words = call.arguments.map((word) => (/^-\d{1,6}$/.test(word ?? '') ? `-n${word?.slice(1)}` : word))
  const { flags, values, operands } = readOptions(words, { valued: ['-n', '-c', '--lines'] })
  const wanted = values.get('-n') ?? values.get('--lines') ?? '10'
  const plain = [...flags].every((flag) => flag === '-q')
  const text = inputOf(call, operands, world)
  if (text === undefined || !plain || values.has('-c') || !/^\d{1,6}$/.test(wanted)) return undefined
  return ok(take(wholeLines(text), Number(wanted)).join(''))
}

/** `tr A-Z a-z`, `tr -d '\n'`, `tr ',' '\n'`: single characters, and ranges of them. */
function translate({ arguments: words, input }: CommandCall): CommandResult | undefined {
  const { flags, operands } = readOptions(words, {})
  const [from, to] = operands.map((operand) => (operand === undefined ? undefined : charactersOf(operand)))
  if (input === undefined || from === undefined) return undefined
  if (flags.size === 0 && to !== undefined && to.length > 0 && operands.length === 2) {
    const map = new Map(from.map((char, i) => [char, to[Math.min(i, to.length - 1)] as string]))
    return ok([...input].map((char) => map.get(char) ?? char).join(''))
  }
  const only = flags.size === 1 && operands.length === 1
  if (only && flags.has('-d')) return ok([...input].filter((char) => !from.includes(char)).join(''))
  if (only && flags.has('-s')) {
    const chars = [...input]
    return ok(chars.filter((char, i) => char !== chars[i - 1] || !from.includes(char)).join(''))
  }
  return undefined
}

const sets: Readonly<Record<string, string>> = {
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:digit:]': '0-9',
  '[:space:]': '\t-\r ',
  '[:blank:]': '\t ',
}

function charactersOf(set: string): string[] | undefined {
  const text = Object.hasOwn(sets, set) ? (sets[set] as string) : set
  // An escaped sign is no range, nor a class.
  if (/\[:|\[=|\[.\*|\\[^nt\\]/.test(text) || text.length > 200) return undefined
  const plain = text.replace(/\\(n|t|\\)/g, (_, char: string) =>
    char === 'n' ? '\n' : char === 't' ? '\t' : '\\',
  )
  const chars: string[] = []
  for (let at = 0; at < plain.length; at++) {
    const low = plain[at] as string
    const high = plain[at + 1] === '-' ? plain[at + 2] : undefined
    if (high === undefined) {
      chars.push(low)
      continue
    }
    for (let code = low.charCodeAt(0); code <= high.charCodeAt(0) && chars.length < 300; code++)
      chars.push(String.fromCharCode(code))
    at += 2
  }
  return chars
}

function count(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  const text = inputOf(call, operands, world)
  if (text === undefined || flags.size !== 1 || operands.length > 0) return undefined
  if (flags.has('-l')) return ok(`${text.split('\n').length - 1}\n`)
  if (flags.has('-c')) return ok(`${Buffer.byteLength(text)}\n`)
  return flags.has('-w') ? ok(`${text.split(/\s+/).filter(Boolean).length}\n`) : undefined
}
