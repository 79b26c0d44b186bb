import type { Argument, Command, Option } from 'commander'

/** What may stand at one place of the command line. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly orFiles: boolean }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }

export interface CompletedOption {
  /** "-o", "--output". */
  readonly names: readonly string[]
  readonly description: string
  /** Absent: the option takes no value. */
  readonly values?: Values
}

export interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly CompletedOption[]
  readonly arguments: readonly Values[]
}

export interface Grammar {
  readonly options: readonly CompletedOption[]
  readonly commands: readonly CompletedCommand[]
}

/** The grammar of the program as completion sees it. `targets` are the names of the catalogue. */
export function grammarOf(program: Command, targets: readonly string[]): Grammar {
  const toOption = (option: Option): CompletedOption => ({
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    ...(option.required || option.optional
      ? { values: valuesOf(metavariable(option.flags), option.argChoices, targets) }
      : {}),
  })
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    options: command.options.filter(({ hidden }) => !hidden).map(toOption),
    arguments: command.registeredArguments.map((argument: Argument) =>
      valuesOf(argument.name(), argument.argChoices, targets),
    ),
  }))
  const names = commands.map((command) => command.name)
  const help = {
    name: 'help',
    description: 'explain a command, with examples',
    options: [],
    arguments: [{ kind: 'words', words: names, orFiles: false } as const],
  }
  const helpOption = { names: ['-h', '--help'], description: 'explain the command' }
  return { options: [...program.options.map(toOption), helpOption], commands: [...commands, help] }
}

function metavariable(flags: string): string {
  return /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? ''
}

/** The name of a value tells what it is: the same word means the same thing in every command. */
function valuesOf(name: string, choices: readonly string[] | undefined, targets: readonly string[]): Values {
  if (choices) return { kind: 'words', words: choices, orFiles: false }
  if (name === 'target') return { kind: 'words', words: targets, orFiles: true }
  if (name === 'platform') return { kind: 'words', words: ['linux/amd64', 'linux/arm64'], orFiles: false }
  if (name === 'dir') return { kind: 'folders' }
  if (['file', 'ref', 'from', 'to', 'output'].includes(name)) return { kind: 'files' }
  return { kind: 'words', words: [], orFiles: false }
}

/** Text in single quotes, for any of the three shells' common ground: no backslash has a meaning inside. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}
