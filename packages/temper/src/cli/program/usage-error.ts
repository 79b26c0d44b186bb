import { Command, type CommanderError } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { CommandOptions } from '../habits/carried-options.ts'
import { foreignCommand } from '../habits/foreign-commands.ts'
import { foreignOption } from '../habits/foreign-options.ts'
import { foreignUse } from '../habits/foreign-uses.ts'
import { commandsFor } from './command-table.ts'
import { globalOptions } from './program.ts'

/** What was typed. */
interface UsageContext {
  /** The command, where there is one. */
  readonly command?: string | undefined
  readonly args?: readonly string[]
  /** A line that is right. */
  readonly example?: string | undefined
}

/**
 * Commander's complaint as one of ours. Its "(Did you mean …?)" becomes the hint; `command` is the one that was used. What
 * other programs call otherwise is answered with the line to type.
 */
export async function usageError(
  error: CommanderError,
  { command, args = [], example }: UsageContext = {},
): Promise<TemperError> {
  // The help command says no more of a command that it does not know.
  const said = error.code === 'commander.help' ? 'there is no such command to explain' : error.message
  const text = said.replace(/^error: /, '').trim()
  const suggestion = /\n?\(Did you mean (.*)\?\)$/s.exec(text)
  const message = suggestion ? text.slice(0, suggestion.index).trim() : text
  const word = /unknown command '([a-z0-9][a-z0-9_-]{0,60})'/.exec(error.message)?.[1]
  const help =
    command === undefined
      ? `${word === undefined || suggestion ? '' : `To build a recipe: "temper build ${word}"; to scan an image: "temper scan ${word}". `}"temper help" lists the commands; "temper help COMMAND" explains one with examples.`
      : `"temper help ${command}" shows what the command takes, with examples.`
  const missing = /^commander\.missing/.test(error.code) && example !== undefined
  return new TemperError('bad-usage', message === '' ? 'The command line is wrong' : sentence(message), {
    hint:
      (await foreignHint(error, { command, args })) ??
      (suggestion
        ? `Did you mean ${suggestion[1]}? ${help}`
        : missing
          ? `${help.replace(/\.$/, '')} such as: ${example}`
          : help),
    details: { reason: error.code.replace(/^(commander|temper)\./, '') },
    cause: error,
  })
}

async function foreignHint(
  error: CommanderError,
  { command, args }: { readonly command: string | undefined; readonly args: readonly string[] },
): Promise<string | undefined> {
  const problem = error.code.replace(/^commander\./, '')
  const use = foreignUse({ problem, command, args })
  if (use !== undefined) return use
  const option = problem === 'unknownOption' ? /unknown option '([^']+)'/.exec(error.message)?.[1] : undefined
  if (option !== undefined && command !== undefined) return foreignOption(command, option)
  // Without a command of ours: what another program's command line says, or its options with a target.
  const line =
    problem === 'unknownCommand' || (option !== undefined && command === undefined)
      ? await foreignCommand(args, optionsOf)
      : undefined
  if (line !== undefined) return `Write: ${line}`
  return option === undefined ? undefined : foreignOption(command, option)
}

/** The options of a command, those of every command among them, as the line to type may have them. */
async function optionsOf(name: string): Promise<CommandOptions> {
  const command = new Command(name)
  for (const definition of await commandsFor([name])) definition.configure(command)
  return [...command.options, ...globalOptions()]
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
