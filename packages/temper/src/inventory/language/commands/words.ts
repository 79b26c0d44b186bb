import { dockerfileInstructions } from '../../../formats/dockerfile/instructions.ts'
import { commandsOf, filled, setVariables } from '../../../formats/dockerfile/words.ts'

/** Commands of one file that are looked at, and words of one of them. */
const commandLimit = 10_000
const wordLimit = 2000

/**
 * The commands that the RUN instructions of a Dockerfile start, each as its words: those that a shell joins by `&&`, `||`, `;`, `|` or
 * lines, and those of the form `["pip", "install", "x"]`. Variables have what ARG and ENV before them set, as far as that is written there;
 * others stay as they are. Quotes are taken off; what only a shell could tell (`$(…)`, loops) is not understood.
 */
export function runCommands(text: string): readonly (readonly string[])[] {
  const variables = new Map<string, string>()
  const commands: (readonly string[])[] = []
  for (const { keyword, text: body } of dockerfileInstructions(text)) {
    if (keyword === 'ARG' || keyword === 'ENV') setVariables(body, variables)
    if (keyword !== 'RUN') continue
    for (const command of commandsOf(body)) {
      commands.push(command.slice(0, wordLimit).map((word) => filled(word, variables)))
      if (commands.length >= commandLimit) return commands
    }
  }
  return commands
}
