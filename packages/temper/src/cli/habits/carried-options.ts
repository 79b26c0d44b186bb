import type { Option } from 'commander'
import type { TakenApart } from './taken-apart.ts'

/** The options of a command here. */
export type CommandOptions = readonly Option[]

/** Options of another program's command line as ours has them, and the names of those that it lacks. */
export function carried(
  options: TakenApart['options'],
  ours: CommandOptions,
): { readonly kept: readonly string[]; readonly left: readonly string[] } {
  const kept: string[] = []
  const left: string[] = []
  for (const { name, value } of options) {
    const option = ours.find(({ long, short }) => long === name || short === name)
    const format = ours.find(({ long }) => long === '--format')
    // In Grype and Syft -o is the format.
    if (option?.long === '--output' && value !== undefined && accepts(format, value)) kept.push(`-f ${value}`)
    else if (option === undefined || !accepts(option, value)) left.push(name)
    else kept.push(value === undefined ? name : `${name} ${quoted(value)}`)
  }
  return { kept, left: [...new Set(left)] }
}

/** Whether an option takes that value; a parser of values throws at others. */
function accepts(option: Option | undefined, value: string | undefined): boolean {
  if (option === undefined || option.required !== (value !== undefined)) return false
  if (value === undefined) return true
  try {
    option.parseArg?.(value, undefined)
    return (
      option.argChoices === undefined || option.parseArg !== undefined || option.argChoices.includes(value)
    )
  } catch {
    return false
  }
}

/** For a shell. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
