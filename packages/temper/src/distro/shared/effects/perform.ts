import type { EffectOptions, EffectOutcome, EffectPackage } from '../../../model/distro.ts'
import { capturedBytes } from '../../../model/package/package-content.ts'
import type { EffectNode, EffectView } from '../../../model/root.ts'
import { AccountBook } from './accounts/account-book.ts'
import type { CommandModel, Effect, EffectContext } from './effect.ts'
import { readers } from './readers.ts'
import { EffectWorld } from './script-world.ts'
import { Stage } from './stage.ts'

/** What is specific to a distribution when scripts are followed. */
export interface ScriptHabits {
  /** Every effect, in the order in which they start and finish. */
  readonly effects: readonly Effect[]
  /** The fixed accounts. */
  baseAccounts(packages: readonly EffectPackage[]): ConstructorParameters<typeof AccountBook>[0]
  /** Commands that only answer queries, besides those that every system has. */
  readers(context: EffectContext): Readonly<Record<string, CommandModel>>
  /** Follows the scripts that a first installation runs. */
  followScripts(context: EffectContext, world: EffectWorld): void
}

/**
 * Does what the scripts of the kept packages would do when they are installed for the first time, without running them,
 * and lists what it cannot do. Pure: equal input gives an equal outcome.
 */
export function performEffects(
  packages: readonly EffectPackage[],
  root: EffectView,
  options: EffectOptions & { readonly habits: ScriptHabits },
): EffectOutcome {
  // Which id an account gets depends on all that ask for one. Mostly one asks, or none: then all is known at once.
  const draft = perform(packages, root, { ...options, plan: new Map() })
  const { accounts } = draft.context
  const plan = accounts.planIds()
  const { context, world } = accounts.isPlanned(plan) ? draft : perform(packages, root, { ...options, plan })
  for (const detail of world.leftOut) context.note('left-out', detail)
  return { changes: context.stage.changes(), applied: context.applied, unmodelled: world.unmodelled }
}

interface Notes {
  readonly applied: { effect: string; detail: string }[]
}

function perform(
  packages: readonly EffectPackage[],
  root: EffectView,
  {
    habits,
    plan,
    ...options
  }: EffectOptions & { readonly habits: ScriptHabits; readonly plan: ReadonlyMap<string, number> },
): { readonly context: EffectContext & Notes; readonly world: EffectWorld } {
  const applied: Notes['applied'] = []
  const kept = packages.filter((installed) => installed.kept)
  const context = {
    stage: new Stage(root, capturedContent(packages)),
    packages: kept,
    accounts: new AccountBook(habits.baseAccounts(packages), { ...options, plan }),
    options,
    applied,
    note: (effect: string, detail: string) => void applied.push({ effect, detail }),
  }
  const runs = habits.effects.map((effect) => effect.start(context))
  const world = new EffectWorld(context, runs, { ...readers(context), ...habits.readers(context) })
  habits.followScripts(context, world)
  world.removeTemporary()
  for (const run of runs) run.finish?.()
  return { context, world }
}

function capturedContent(packages: readonly EffectPackage[]): (node: EffectNode) => Uint8Array | undefined {
  const byName = new Map(packages.map((installed) => [installed.package.name, installed.content]))
  return ({ origin }) => {
    if (origin.kind !== 'package') return undefined
    const content = byName.get(origin.package)
    return content && capturedBytes(content, origin.path)
  }
}
