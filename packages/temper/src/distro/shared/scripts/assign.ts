import type { SimpleCommand } from './parse/syntax.ts'
import { type Expander, expandToValue } from './words/expand.ts'
import type { Value } from './world.ts'

/**
 * Assigns what stands before the words of a command (POSIX 2.9.1). With words it holds for that command alone, and only
 * `IFS=: read` makes a difference here: what is returned takes that back.
 */
export function assign(
  assignments: SimpleCommand['assignments'],
  words: readonly Value[],
  expander: Expander,
): () => void {
  const { variables } = expander.environment
  const reads = words[0] === 'read'
  const separators = variables.has('IFS') ? [variables.get('IFS')] : []
  for (const { name, value, append } of assignments) {
    const text = expandToValue(value, expander)
    const old = append ? variables.get(name) : ''
    if (words.length > 0 && !(reads && name === 'IFS')) continue
    const joined = text === undefined || (append && old === undefined) ? undefined : (old ?? '') + text
    variables.set(name, joined)
  }
  return () => {
    if (reads && separators.length === 0) variables.delete('IFS')
    else if (reads) variables.set('IFS', separators[0])
  }
}
