/** One step of a pattern: a character, `?`, or a run within or across path segments. */
type Step = string | 'one' | 'run' | 'any'

/**
 * A matcher of whole texts for a pattern of `*` (a run without slashes), `**` (any run) and `?` (one character but a
 * slash). Takes time in proportion to text and pattern, whatever is in them: patterns and paths are from outside.
 */
export function textPattern(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern
  const steps = stepsOf(pattern)
  return (text) => {
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
}

function stepsOf(pattern: string): readonly Step[] {
  const steps: Step[] = []
  for (const [part] of pattern.matchAll(/\*{2,}|\*|\?|[^*?]/gsu))
    steps.push(part === '*' ? 'run' : part === '?' ? 'one' : part.startsWith('*') ? 'any' : `=${part}`)
  return steps
}

/** With the states behind runs, which may be empty. */
function reach(states: Set<number>, steps: readonly Step[]): Set<number> {
  for (const state of states) if (steps[state] === 'run' || steps[state] === 'any') states.add(state + 1)
  return states
}
