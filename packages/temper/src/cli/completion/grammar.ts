import type { Argument, Command, Option } from 'commander'

/** What is completed by asking. */
export const askedKinds = ['image', 'recipe', 'rules', 'severity', 'registry', 'type'] as const
export type Asked = (typeof askedKinds)[number]

/** What may stand at one place of the command line. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly orFiles: boolean }
  /** What "temper complete" knows: it depends on folders, registries and settings. */
  | { readonly kind: 'asked'; readonly what: Asked; readonly orFiles: boolean }
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
  /** Whether the last argument may be repeated. */
  readonly repeats: boolean
}

export interface Grammar {
  readonly options: readonly CompletedOption[]
  readonly commands: readonly CompletedCommand[]
}

/** The grammar of the program as completion sees it. */
export function grammarOf(program: Command): Grammar {
  const toOption =
    (command: string) =>
    (option: Option): CompletedOption => ({
      names: [option.short, option.long].filter((name) => name !== undefined),
      description: option.description,
      ...(option.required || option.optional
        ? { values: valuesOf(metavariable(option.flags), option.argChoices, command) }
        : {}),
    })
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    options: command.options.filter(({ hidden }) => !hidden).map(toOption(command.name())),
    arguments: command.registeredArguments.map((argument: Argument) =>
      valuesOf(argument.name(), argument.argChoices, command.name()),
    ),
    repeats: command.registeredArguments.at(-1)?.variadic === true,
  }))
  const names = commands.map((command) => command.name)
  const help = {
    name: 'help',
    description: 'explain a command, with examples',
    options: [],
    arguments: [{ kind: 'words', words: names, orFiles: false } as const],
    repeats: false,
  }
  const helpOption = { names: ['-h', '--help'], description: 'explain the command' }
  return { options: [...program.options.map(toOption('')), helpOption], commands: [...commands, help] }
}

function metavariable(flags: string): string {
  return /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? ''
}

/** The name of a value tells what it is: the same word means the same thing in every command, but for targets. */
function valuesOf(name: string, choices: readonly string[] | undefined, command: string): Values {
  if (choices) return { kind: 'words', words: choices, orFiles: false }
  if (name === 'target' && recipeCommands.has(command))
    return { kind: 'asked', what: 'recipe', orFiles: true }
  if (['target', 'ref', 'from', 'to', 'old', 'new', 'image', 'repository'].includes(name))
    return { kind: 'asked', what: 'image', orFiles: true }
  if (name === 'platform') return { kind: 'words', words: ['linux/amd64', 'linux/arm64'], orFiles: false }
  const asked = askedKinds.find((kind) => kind === name)
  if (asked !== undefined) return { kind: 'asked', what: asked, orFiles: false }
  if (name === 'types') return { kind: 'asked', what: 'type', orFiles: false }
  if (name === 'dir') return { kind: 'folders' }
  if (['file', 'output', 'path', 'key', 'prefix'].includes(name)) return { kind: 'files' }
  return { kind: 'words', words: [], orFiles: false }
}

/** Commands whose target is a recipe; that of others is anything that can be looked into. */
const recipeCommands: ReadonlySet<string> = new Set(['build', 'lock', 'test'])

/** Text in single quotes, for any of the three shells' common ground: no backslash has a meaning inside. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}
