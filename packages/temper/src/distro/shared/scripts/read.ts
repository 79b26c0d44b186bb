import type { Builtin } from './shell.ts'
import type { Value } from './world.ts'

/** `read NAME…`: the next line of what the script gives; undefined names when it gives nothing that is known. */
export const read: Builtin = (words, shell) => {
  const { variables } = shell.environment
  const separators = variables.has('IFS') ? variables.get('IFS') : ' \t\n'
  const names = words.filter((word) => word !== undefined && !word.startsWith('-')) as string[]
  const raw = words.some((word) => /^-\w*r/.test(word ?? ''))
  if (shell.input === undefined || separators === undefined || (!raw && shell.input.includes('\\'))) {
    for (const name of names) variables.set(name, undefined)
    return shell.input === '' ? 1 : undefined
  }
  const end = shell.input.indexOf('\n')
  const line = end < 0 ? shell.input : shell.input.slice(0, end)
  shell.fuel.spend(line.length + 1)
  shell.input = end < 0 ? '' : shell.input.slice(end + 1)
  assignFields(names.length === 0 ? ['REPLY'] : names, line, { separators, variables })
  // A last line without its end is read, and reported as the end.
  return end < 0 ? 1 : 0
}

/** Splits a line into as many fields as there are names; the last takes the rest (POSIX 2.6.5). */
function assignFields(
  names: readonly string[],
  line: string,
  { separators, variables }: { readonly separators: string; readonly variables: Map<string, Value> },
): void {
  const isSeparator = (at: number) => at < line.length && separators.includes(line[at] as string)
  const blanksFrom = (start: number) => {
    let at = start
    while (isSeparator(at) && /\s/.test(line[at] as string)) at++
    return at
  }
  /** Past the separator at a place: blanks, one that is none, and blanks. */
  const past = (start: number) => {
    const at = blanksFrom(start)
    return isSeparator(at) ? blanksFrom(at + 1) : at
  }
  const fieldEnd = (start: number) => {
    let at = start
    while (at < line.length && !isSeparator(at)) at++
    return at
  }
  let at = blanksFrom(0)
  for (const name of names.slice(0, -1)) {
    const end = fieldEnd(at)
    variables.set(name, line.slice(at, end))
    at = past(end)
  }
  // A separator after the last field belongs to it only when more fields follow.
  let end = fieldEnd(at)
  if (past(end) < line.length) {
    end = line.length
    while (end > at && isSeparator(end - 1) && /\s/.test(line[end - 1] as string)) end--
  }
  variables.set(names.at(-1) as string, line.slice(at, end))
}
