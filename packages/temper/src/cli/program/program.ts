import { Command, CommanderError, Option } from 'commander'
import { wrap } from '../report/wrap.ts'
import type { CommandDefinition } from './command.ts'

/** What commander found: the command to run, with its arguments and all options, global ones included. */
export interface Parsed {
  readonly definition: CommandDefinition
  readonly args: readonly (string | undefined)[]
  readonly options: Readonly<Record<string, unknown>>
  /** Names of options as commander keeps them that the command line gives. */
  readonly given: ReadonlySet<string>
  readonly program: Command
  readonly command: Command
}

export interface ProgramOptions {
  /** Takes help texts. */
  readonly write: (text: string) => void
  /** Columns for help texts. */
  readonly columns: number
  /** Called when a command was recognised; it runs later, outside commander. */
  readonly found?: (parsed: Parsed) => void
}

/** Columns that an explanation beside an option has at least, before it is no longer broken into lines. */
const narrowestText = 16

/**
 * The command-line grammar. Parsing never prints errors and never ends the process: bad usage is thrown as
 * commander's CommanderError.
 */
export function createProgram(commands: readonly CommandDefinition[], options: ProgramOptions): Command {
  const program = new Command('temper')
    .description(
      'Hardened container images from a recipe and a lock: no daemon, no root, the same digest everywhere.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: options.write,
      writeErr: () => {},
      getOutHelpWidth: () => options.columns,
      getErrHelpWidth: () => options.columns,
    })
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: narrowestText })
    .helpCommand('help [command]', 'explain a command, with examples')
    .helpOption('-h, --help', 'explain the command')
    .version('', '-V, --version', 'print the version')
    .usage('<command> [options]')
    .addHelpText(
      'after',
      '\nStart here:\n  temper build nginx      build the image of that name from the catalogue\n  temper help build       the options of a command, with examples',
    )
  for (const option of globalOptions()) program.addOption(option)
  for (const definition of commands) addCommand(program, definition, options)
  return program
}

/** The options that every command takes. */
export function globalOptions(): readonly Option[] {
  return [
    new Option('--json', 'print exactly one JSON object on standard output'),
    new Option('-q, --quiet', 'no progress, no summary: only errors').conflicts('verbose'),
    new Option('-v, --verbose', 'say more about what is done, and why'),
    new Option('--no-color', 'no colours'),
    new Option('--offline', 'never use the network; fail where it is needed'),
    new Option('--cache-dir <dir>', 'folder for the cache (default: TEMPER_CACHE_DIR, else ~/.cache/temper)'),
    new Option(
      '--config <file>',
      'configuration file (default: TEMPER_CONFIG, else ~/.config/temper/config.yaml)',
    ),
  ]
}

function addCommand(program: Command, definition: CommandDefinition, options: ProgramOptions): void {
  const command = program
    .command(definition.name, { hidden: definition.hidden === true })
    .description(definition.summary)
    .summary(definition.summary)
  definition.configure(command)
  refuseOptionsAsValues(program, command)
  const examples = definition.examples.map(
    ({ command: line, does }) =>
      `  $ ${brokenCommand(line, options.columns)}\n${wrap(does.split(' '), { columns: options.columns, indent: '      ', separator: ' ' }).trimEnd()}`,
  )
  if (examples.length > 0) command.addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
  command.action(() => {
    // The last argument is a list when it may be repeated.
    const given = Object.keys(command.optsWithGlobals()).filter(
      (name) => command.getOptionValueSourceWithGlobals(name) === 'cli',
    )
    options.found?.({
      definition,
      args: command.processedArgs.flat(),
      options: command.optsWithGlobals(),
      given: new Set(given),
      program,
      command,
    })
  })
}

/** A line that is too long for the terminal, broken before options as a shell takes it. */
function brokenCommand(line: string, columns: number): string {
  if (line.length + 4 <= columns) return line
  const lines: string[] = []
  for (const part of line.split(/ (?=-{1,2}[a-z])/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length + 10 <= columns)
      lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines.join(' \\\n      ')
}

/** "--attest --json" lacks a value; commander would take the second option for it. */
function refuseOptionsAsValues(program: Command, command: Command): void {
  const known = new Set([...program.options, ...command.options].map(({ long }) => long))
  for (const option of command.options) {
    if (!option.required) continue
    command.on(`option:${option.name()}`, (value: unknown) => {
      if (typeof value !== 'string' || !known.has(value)) return
      const message = `error: option '${option.flags}' argument missing`
      throw new CommanderError(1, 'commander.optionMissingArgument', message)
    })
  }
}
