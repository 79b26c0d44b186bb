import type { Command } from 'commander'
import { CommanderError } from 'commander'
import { temperVersion } from '../base/version.ts'
import { createContext } from './context.ts'
import type { Host } from './host.ts'
import { flagOption } from './options/option.ts'
import type { Invocation, Outcome } from './program/command.ts'
import { allCommands, commandsFor } from './program/command-table.ts'
import { createProgram, type Parsed } from './program/program.ts'
import { usageError } from './program/usage-error.ts'
import { createProgressDisplay, type ProgressDisplay } from './progress/progress.ts'
import { fold } from './report/fold.ts'
import { reportError, reportOutcome } from './report/report.ts'
import { configuration, configurationPath } from './settings/locate.ts'
import { applySettings } from './settings/option-settings.ts'
import { sweepDaily } from './sweep.ts'
import { type WritableCache, writableCache } from './writable-cache.ts'

/** Runs one command line and says how the process should end. Never throws. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const written: string[] = []
  let json = wantsJson(args)
  let color = !args.includes('--no-color')
  let verbose = false
  let display: ProgressDisplay | undefined
  const caches: WritableCache[] = []
  try {
    const read = await parse(args, host, (text) => written.push(text))
    if (read === 'help') {
      return await reportOutcome({ json: { help: written.join('') }, text: () => written.join('') }, host, {
        json,
        color,
        kind: 'document',
      })
    }
    if (read === 'version') return await reportOutcome(versionOutcome(), host, { json, color })
    const parsed = await settled(read, host)
    color = parsed.options['color'] !== false
    json = flagOption(parsed.options, 'json')
    verbose = flagOption(parsed.options, 'verbose')
    display = createProgressDisplay(host, { quiet: flagOption(parsed.options, 'quiet'), verbose, color })
    const call = invocation(parsed, host, { display, caches })
    const outcome = await orStopped(parsed.definition.run(call), host.signal, parsed.definition.stopsWithin)
    display.close()
    const kind = outcome.kind ?? (parsed.definition.quietable === true ? 'summary' : 'answer')
    const quiet = flagOption(parsed.options, 'quiet') && kind === 'summary'
    return await reportOutcome(outcome, host, { json, color, kind, quiet })
  } catch (error) {
    display?.close()
    return reportError(error, host, { json, color, verbose })
  } finally {
    for (const cache of caches) await cache.remove()
  }
}

/** With the settings from environment and configuration file of options. */
async function settled(parsed: Parsed, host: Host): Promise<Parsed> {
  const { program, command } = parsed
  const { options } = await configuration(host, parsed.options)
  const { file } = configurationPath(host, parsed.options)
  if (options.size === 0 && !Object.keys(host.env).some((name) => name.startsWith('TEMPER_'))) return parsed
  applySettings(program, command, { env: host.env, file, options })
  return { ...parsed, options: command.optsWithGlobals() }
}

/** How long work may take to clean up after the person asked it to stop (milliseconds). */
const grace = 3000

/** The result of `work`; fails when it has not ended some time after the signal. */
async function orStopped<T>(work: Promise<T>, signal: AbortSignal, within = grace): Promise<T> {
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = () => setTimeout(() => reject(signal.reason), within).unref()
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([work, stopped])
}

/** Looked up before parsing, since errors of parsing are reported as JSON too. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

function versionOutcome(): Outcome {
  return { json: { version: temperVersion() }, text: () => `${temperVersion()}\n` }
}

async function parse(
  args: readonly string[],
  host: Host,
  write: (text: string) => void,
): Promise<Parsed | 'help' | 'version'> {
  let parsed: Parsed | undefined
  const commands = await commandsFor(args)
  const program = createProgram(commands, {
    write,
    columns: Math.min(host.stdout.columns(), 110),
    found: (result) => {
      parsed = result
    },
  })
  if (args.length === 1 && (args[0] === '-v' || args[0] === '--verbose')) {
    const more = '-v with a command says more about what is done and why: temper build nginx -v'
    write(
      `temper ${temperVersion()}\n${fold(more, host.stdout.columns())}\n"temper help" lists the commands.\n`,
    )
    return 'help'
  }
  if (args.every((arg) => arg === '--json' || arg === '--no-color')) {
    if (wantsJson(args))
      throw await usageError(new CommanderError(2, 'temper.noCommand', 'No command was given'))
    write(program.helpInformation())
    return 'help'
  }
  try {
    program.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return 'help'
    if (error.code === 'commander.help' && error.exitCode === 0) return 'help'
    if (error.code === 'commander.version') return 'version'
    const command = commands.length === 1 ? commands[0] : undefined
    throw await usageError(error, { command: command?.name, example: command?.examples[0]?.command, args })
  }
  if (!parsed) throw await usageError(new CommanderError(2, 'temper.noCommand', 'No command was given'))
  return parsed
}

function invocation(
  parsed: Parsed,
  host: Host,
  { display, caches }: { readonly display: ProgressDisplay; readonly caches: WritableCache[] },
): Invocation {
  return {
    args: parsed.args,
    options: parsed.options,
    given: parsed.given,
    host,
    say: (text) => display.say(text),
    context: async () => {
      const context = await createContext(host, parsed.options, display.progress)
      if (parsed.definition.ownCache === true) return context
      const cache = await writableCache(context)
      caches.push(cache)
      if (cache.cacheDir !== context.cacheDir) return { ...context, cacheDir: cache.cacheDir }
      await sweepDaily(context)
      // As it is: a copy would look for all programs that the context can tell.
      return context
    },
    program: fullProgram,
  }
}

/** The grammar with every command in it: for completion scripts and the reference. */
export async function fullProgram(): Promise<Command> {
  return createProgram(await allCommands(), { write: () => {}, columns: 100 })
}
