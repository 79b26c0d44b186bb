import type { SimpleCommand } from '../parse/syntax.ts'
import type { Value } from '../world.ts'
import { type Expander, expandToValue, expandWords } from './expand.ts'

/** Commands whose words are assignments. */
const declarations: ReadonlySet<string> = new Set(['export', 'readonly', 'local', 'declare', 'typeset'])

export interface CommandWords {
  readonly words: readonly Value[]
  /** Names that the command declares with a value that is not known. */
  readonly unknown: readonly string[]
}

/** The words of a command, expanded; those of declarations as assignments are, without being split. */
export function commandWords(node: SimpleCommand, expander: Expander): CommandWords {
  const [first, ...rest] = node.words
  const name = first?.length === 1 && first[0]?.kind === 'text' ? first[0].text : ''
  if (!declarations.has(name)) return { words: expandWords(node.words, expander), unknown: [] }
  const unknown: string[] = []
  const words = rest.flatMap((word): Value[] => {
    const declared = word[0]?.kind === 'text' ? /^([A-Za-z_]\w*)=/.exec(word[0].text)?.[1] : undefined
    if (declared === undefined) return expandWords([word], expander)
    const assignment = expandToValue(word, expander)
    if (assignment !== undefined) return [assignment]
    unknown.push(declared)
    return [declared]
  })
  return { words: [name, ...words], unknown }
}
