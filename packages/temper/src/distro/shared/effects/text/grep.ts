import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'
import { type FilterWorld, inputOf, linesOf, textOf } from './input.ts'
import { compileRegexp } from './regexp.ts'

const known =
  /^(?:-[qvixwFEGscoh]|--quiet|--silent|--invert-match|--ignore-case|--no-messages|--extended-regexp)$/

/** `grep` (POSIX utilities, with -o, -w and -h) over text that is known. */
export function grep(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-e', '-m', '-f', '--regexp'] })
  const [first, ...rest] = operands
  const explicit = values.get('-e') ?? values.get('--regexp')
  const given = values.has('-e') || values.has('--regexp')
  const pattern = given ? explicit : first
  const files = given ? operands : rest
  const one = files.length <= 1 || flags.has('-h')
  if (files.length === 0 && call.input === '') return { status: 1, output: flags.has('-c') ? '0\n' : '' }
  if (pattern === undefined || values.has('-m') || values.has('-f')) return undefined
  if ([...flags].some((flag) => !known.test(flag))) return undefined
  if (missing(files, world)) return { status: 2, output: '' }
  const text = inputOf(call, files, world)
  const find = text === undefined ? undefined : finder(pattern, flags, world)
  if (text === undefined || find === undefined) return undefined
  const inverted = flags.has('-v') || flags.has('--invert-match')
  const lines = linesOf(text).filter((line) => (find(line) !== undefined) !== inverted)
  const status = lines.length > 0 ? 0 : 1
  if (flags.has('-q') || flags.has('--quiet') || flags.has('--silent')) return { status, output: '' }
  if (flags.has('-c')) return { status, output: one ? `${lines.length}\n` : undefined }
  // With several files each line begins with the name of its own.
  if (!one) return { status, output: lines.length === 0 ? '' : undefined }
  if (!flags.has('-o')) return { status, output: textOf(lines) }
  // Of a line that does not match nothing is shown, and empty matches are not.
  const parts = inverted ? [] : lines.flatMap((line) => find(line) ?? [])
  return { status, output: textOf(parts.filter((part) => part !== '')) }
}

function missing(files: readonly (string | undefined)[], { context }: FilterWorld): boolean {
  // What the kernel and the runtime put there is not known.
  const isKnown = (file: string | undefined): file is string =>
    file !== undefined && file !== '-' && !/^\/?(?:proc|sys|dev|run)\//.test(file)
  return files.length > 0 && files.every((file) => isKnown(file) && !context.stage.resolve(file))
}

/** Gives what matches in a line, one after the other. */
function finder(
  pattern: string,
  flags: ReadonlySet<string>,
  { fuel }: FilterWorld,
): ((line: string) => readonly string[] | undefined) | undefined {
  const ignoreCase = flags.has('-i') || flags.has('--ignore-case')
  const extended = flags.has('-E') || flags.has('--extended-regexp')
  const text = flags.has('-F') ? pattern.replace(/[\\.*[\]^$]/g, '\\$&') : pattern
  // Each line of a pattern is one of its own.
  if (text.includes('\n')) return undefined
  const regexp = compileRegexp(text, { extended: extended && !flags.has('-F'), ignoreCase, fuel })
  if (regexp === undefined) return undefined
  return (line) => {
    const matches: string[] = []
    for (let from = 0; from <= line.length; ) {
      const match = regexp.find(line, from)
      if (match === undefined) break
      const whole = !flags.has('-x') || (match.start === 0 && match.end === line.length)
      const before = /\w/.test(line[match.start - 1] ?? '')
      const after = /\w/.test(line[match.end] ?? '')
      const fits = whole && !(flags.has('-w') && (before || after))
      if (fits) matches.push(line.slice(match.start, match.end))
      from = fits && match.end > match.start ? match.end : match.start + 1
    }
    return matches.length === 0 ? undefined : matches
  }
}
