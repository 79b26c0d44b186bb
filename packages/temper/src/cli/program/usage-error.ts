import type { CommanderError } from 'commander'
import { TemperError } from '../../base/error.ts'
import { foreignCommand } from '../habits/foreign-commands.ts'
import { foreignOption } from '../habits/foreign-options.ts'

/**
 * Commander's complaint as one of ours. Its "(Did you mean …?)" becomes the hint; `command` is the one that was used. What
 * other programs call otherwise is answered with the line to type.
 */
export function usageError(
  error: CommanderError,
  { command, args = [] }: { readonly command?: string | undefined; readonly args?: readonly string[] } = {},
): TemperError {
  // The help command says no more of a command that it does not know.
  const said = error.code === 'commander.help' ? 'there is no such command to explain' : error.message
  const text = said.replace(/^error: /, '').trim()
  const suggestion = /\n?\(Did you mean (.*)\?\)$/s.exec(text)
  const message = suggestion ? text.slice(0, suggestion.index).trim() : text
  const help =
    command === undefined
      ? '"temper help" lists the commands, "temper help COMMAND" explains one with examples.'
      : `"temper help ${command}" shows what the command takes, with examples.`
  return new TemperError('bad-usage', message === '' ? 'The command line is wrong' : sentence(message), {
    hint:
      foreignHint(error, { command, args }) ?? (suggestion ? `Did you mean ${suggestion[1]}? ${help}` : help),
    details: { reason: error.code.replace(/^(commander|temper)\./, '') },
    cause: error,
  })
}

function foreignHint(
  error: CommanderError,
  { command, args }: { readonly command: string | undefined; readonly args: readonly string[] },
): string | undefined {
  if (error.code === 'commander.unknownOption') {
    const option = /unknown option '([^']+)'/.exec(error.message)?.[1]
    return option === undefined ? undefined : foreignOption(command, option)
  }
  const line = error.code === 'commander.unknownCommand' ? foreignCommand(args) : undefined
  return line === undefined ? undefined : `Write: ${line}`
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
