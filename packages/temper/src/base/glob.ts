/** One step of a pattern: a character, `?`, or a run within or across path segments. */
type Step = string | 'one' | 'run' | 'any'

/** Says whether a whole text matches. */
export type Glob = (text: string) => boolean

/**
 * A shell-style pattern over whole texts: `*` matches any run without slashes, `**` any run at all, `?` one character
 * other than a slash. Used for version pins (`1.26.*`), paths and names. The time it takes is at most proportional to
 * text times pattern, since both come from outside.
 */
export function glob(pattern: string): Glob {
  const literal = /^[^*?]*/.exec(pattern)?.[0] ?? ''
  if (literal === pattern) return (text) => text === pattern
  const steps = stepsOf(pattern.slice(literal.length))
  return (text) => text.startsWith(literal) && fits(text.slice(literal.length), steps)
}

function stepsOf(pattern: string): readonly Step[] {
  return Array.from(pattern.matchAll(/\*{2,}|\*|\?|[^*?]/gsu), ([part]) => {
    if (part === '*') return 'run'
    if (part === '?') return 'one'
    return part.startsWith('*') ? 'any' : `=${part}`
  })
}

/** Follows all ways through the steps at once: a state is the number of steps that are behind. */
function fits(text: string, steps: readonly Step[]): boolean {
  let states = reach(new Set([0]), steps)
  for (const char of text) {
    const next = new Set<number>()
    for (const state of states) {
      const step = steps[state]
      if (step === 'any' || (step === 'run' && char !== '/')) next.add(state)
      else if (step === `=${char}` || (step === 'one' && char !== '/')) next.add(state + 1)
    }
    if (next.size === 0) return false
    states = reach(next, steps)
  }
  return states.has(steps.length)
}

/** With the states behind runs, which may be empty. */
function reach(states: Set<number>, steps: readonly Step[]): Set<number> {
  for (const state of states) if (steps[state] === 'run' || steps[state] === 'any') states.add(state + 1)
  return states
}
