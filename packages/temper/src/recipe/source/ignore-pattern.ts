import { type Glob, glob } from '../../base/glob.ts'

/** What stands for one character of a name, or for any number of them. */
type Step =
  | 'one'
  | 'run'
  | { readonly char: string }
  | { readonly ranges: readonly (readonly [low: string, high: string])[]; readonly negated: boolean }

/** "**": any number of folders. */
type Part = '**' | readonly Step[]

/**
 * A pattern of a `.dockerignore` over whole paths, both without slashes at their ends (Go's filepath.Match, with
 * `**`): `*` and `?` within a name, sets such as `[a-z]` and `[^a]`, and a backslash before a literal character. The
 * time it takes is proportional to path times pattern.
 */
export function ignorePattern(pattern: string): Glob {
  const names = pattern.split('/')
  // "a**b" crosses folders anywhere.
  if (names.some((name) => name !== '**' && name.includes('**'))) return glob(pattern)
  const parts = names.map((name): Part => (name === '**' ? '**' : stepsOf(name)))
  return (path) => fits(path.split('/'), parts)
}

/** Follows all ways through the parts at once: a state is the number of parts that are behind. */
function fits(names: readonly string[], parts: readonly Part[]): boolean {
  let states = new Set([0])
  for (const name of names) {
    const next = new Set<number>()
    for (const state of behindFolders(states, parts)) {
      const part = parts[state]
      if (part === '**') next.add(state)
      else if (part !== undefined && nameFits(name, part)) next.add(state + 1)
      // What ends in "**" is all that lies in a folder.
      if (part === '**' && state === parts.length - 1) next.add(state + 1)
    }
    if (next.size === 0) return false
    states = next
  }
  return states.has(parts.length)
}

/** With the states behind "**" that stands for no folder at all; at the end of a pattern it stands for something. */
function behindFolders(states: ReadonlySet<number>, parts: readonly Part[]): ReadonlySet<number> {
  const all = new Set(states)
  for (const state of all) if (parts[state] === '**' && state < parts.length - 1) all.add(state + 1)
  return all
}

function nameFits(name: string, steps: readonly Step[]): boolean {
  let states = behindRuns(new Set([0]), steps)
  for (const char of name) {
    const next = new Set<number>()
    for (const state of states) {
      const step = steps[state]
      if (step === 'run') next.add(state)
      else if (step !== undefined && (step === 'one' || charFits(char, step))) next.add(state + 1)
    }
    if (next.size === 0) return false
    states = behindRuns(next, steps)
  }
  return states.has(steps.length)
}

function behindRuns(states: Set<number>, steps: readonly Step[]): Set<number> {
  for (const state of states) if (steps[state] === 'run') states.add(state + 1)
  return states
}

function charFits(char: string, step: Exclude<Step, string>): boolean {
  if ('char' in step) return char === step.char
  return step.ranges.some(([low, high]) => low <= char && char <= high) !== step.negated
}

function stepsOf(name: string): readonly Step[] {
  const chars = [...name]
  const steps: Step[] = []
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? ''
    const set = char === '[' ? setAt(chars, at) : undefined
    if (set !== undefined) {
      steps.push(set.step)
      at = set.end
    } else if (char === '*') steps.push('run')
    else if (char === '?') steps.push('one')
    else if (char === '\\' && at + 1 < chars.length) steps.push({ char: chars[++at] ?? '' })
    else steps.push({ char })
  }
  return steps
}

/** Undefined for a bracket that nothing closes, or with nothing in it: it stands for itself. */
function setAt(
  chars: readonly string[],
  start: number,
): { readonly step: Step; readonly end: number } | undefined {
  const negated = chars[start + 1] === '^'
  const ranges: [string, string][] = []
  let at = start + (negated ? 2 : 1)
  const take = () => {
    if (chars[at] === '\\') at++
    return chars[at++]
  }
  while (at < chars.length && (chars[at] !== ']' || ranges.length === 0)) {
    const low = take()
    const isRange = chars[at] === '-' && chars[at + 1] !== ']'
    if (isRange) at++
    const high = isRange ? take() : low
    if (low === undefined || high === undefined) return undefined
    ranges.push([low, high])
  }
  return at < chars.length && ranges.length > 0 ? { step: { ranges, negated }, end: at } : undefined
}
