import { type Environment, restoreLocals } from './environment.ts'
import type { SimpleCommand } from './parse/syntax.ts'
import { type Expander, expandToValue } from './words/expand.ts'
import type { Value } from './world.ts'

/** Special built-in commands (POSIX 2.14), past which an assignment before their name stays. */
const special: ReadonlySet<Value> = new Set([
  ':',
  '.',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
])

/**
 * Performs the assignments before the words of a command (POSIX 2.9.1). If there are words, they apply to that
 * command alone, and the returned function undoes them.
 */
export function assign(
  assignments: SimpleCommand['assignments'],
  words: readonly Value[],
  expander: Expander,
): (environment: Environment) => void {
  const { variables } = expander.environment
  const before = new Map<string, { readonly value: Value } | undefined>()
  for (const { name, value, append } of assignments) {
    const text = expandToValue(value, expander)
    const old = append ? variables.get(name) : ''
    if (!before.has(name)) before.set(name, variables.has(name) ? { value: variables.get(name) } : undefined)
    const joined = text === undefined || (append && old === undefined) ? undefined : (old ?? '') + text
    variables.set(name, joined)
  }
  if (before.size === 0 || words.length === 0 || special.has(words[0])) return () => {}
  const added = [...before.keys()].filter((name) => !expander.environment.exported.has(name))
  expander.environment.exported = new Set([...expander.environment.exported, ...added])
  return (environment) => {
    environment.exported = new Set([...environment.exported].filter((name) => !added.includes(name)))
    restoreLocals(environment, before)
  }
}
