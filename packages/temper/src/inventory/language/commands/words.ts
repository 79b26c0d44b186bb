import { dockerfileInstructions } from '../../../formats/dockerfile/instructions.ts'

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

/** What stands before a command without being one. */
const before = /^(?:sudo|env|exec|time|then|do|else|if|\(|\{|--(?:mount|network|security)=\S*|\w+=\S*)$/

function commandsOf(body: string): readonly (readonly string[])[] {
  const exec = body.replace(/^(?:--\S+\s+)*/, '')
  if (exec.startsWith('[')) return [wordsOf(exec.replace(/[[\],]/g, ' '))]
  return body.split(/&&|\|\||[;|\n]/).flatMap((part) => {
    const words = wordsOf(part)
    const first = words.findIndex((word) => !before.test(word))
    return first < 0 ? [] : [words.slice(first)]
  })
}

function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) => word.replace(/["']/g, ''))
}

/** `NAME=VALUE …`, and `NAME VALUE` of old. */
function setVariables(body: string, variables: Map<string, string>): void {
  const [, old, value] = /^(\w+)\s+([^=\s]+)$/.exec(body) ?? []
  if (old !== undefined && value !== undefined) variables.set(old, value)
  for (const word of wordsOf(body)) {
    const [, name, set] = /^(\w+)=(.*)$/.exec(word) ?? []
    if (name !== undefined && set !== undefined) variables.set(name, filled(set, variables))
  }
}

function filled(word: string, variables: ReadonlyMap<string, string>): string {
  return word
    .replace(/\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g, (whole, braced, otherwise, plain) => {
      const value = variables.get(braced ?? plain) ?? otherwise
      return value ?? whole
    })
    .slice(0, 1000)
}
