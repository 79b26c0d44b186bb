import type { EffectOptions, EffectPackage } from '../../../model/distro.ts'
import type { CommandResult, ScriptCommand, Value } from '../scripts/world.ts'
import type { AccountBook } from './accounts/account-book.ts'
import type { HarmlessCommands } from './harmless.ts'
import type { Stage } from './stage.ts'

/** A command of a maintainer script, handed to the effect that stands for it. */
export interface CommandCall extends ScriptCommand {
  /** Words after the name. */
  readonly arguments: readonly Value[]
  /** Package whose script it is. */
  readonly package: string
  readonly script: string
}

/** Carries out a command, or returns undefined, so that it is reported as not modelled. */
export type CommandModel = (call: CommandCall) => CommandResult | undefined

export interface EffectContext {
  readonly stage: Stage
  /** Kept packages, those that others depend on first. */
  readonly packages: readonly EffectPackage[]
  readonly accounts: AccountBook
  readonly options: EffectOptions
  /** Records one line for the lock and the summary. */
  note(effect: string, detail: string): void
}

/** What an effect does after it has started. */
export interface EffectRun {
  /** Paths (globs, no leading slash) that belong to this effect; what scripts do to them is ignored. */
  readonly owns?: readonly string[]
  /** Commands of maintainer scripts, by name, that this effect models. */
  readonly commands?: Readonly<Record<string, CommandModel>>
  /** Commands of the distribution that need nothing to be done. */
  readonly harmless?: HarmlessCommands
  /** Commands whose last word names a trigger, which is pulled. */
  readonly triggers?: readonly string[]
  /** Commands that write to their last operand only, besides `cp` and its like. */
  readonly copies?: readonly string[]
  /** Called when all scripts have been followed. */
  readonly finish?: () => void
}

/** One thing that maintainer scripts do, done without running them. */
export interface Effect {
  readonly id: string
  readonly title: string
  /** What would not work without it. */
  readonly why: string
  /** Debian Policy section or manual page that says what has to be done. */
  readonly source: string
  /** Does what comes before the scripts, and says what it does with them and after them. */
  start(context: EffectContext): EffectRun
}
