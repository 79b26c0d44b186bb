import type { EffectOptions, EffectOutcome, EffectPackage } from '../../../model/distro.ts'
import { capturedBytes, type PackageContent } from '../../../model/package/package-content.ts'
import type { RootNode, RootView } from '../../../model/root.ts'
import { AccountBook } from '../../shared/effects/accounts/account-book.ts'
import type { EffectContext } from '../../shared/effects/effect.ts'
import { readers } from '../../shared/effects/readers.ts'
import { EffectWorld } from '../../shared/effects/script-world.ts'
import { Stage } from '../../shared/effects/stage.ts'
import { baseGroups, baseUsers, readGroups, readUsers } from './base-accounts.ts'
import { effects } from './effects.ts'
import { followScripts } from './follow-scripts.ts'
import { configurationOrder } from './order.ts'
import { debianReaders } from './readers.ts'

/**
 * Does what the maintainer scripts of the kept packages would do when they are installed for the first
 * time, without running them, and lists what it cannot do. Pure: equal input gives an equal outcome.
 * `root` holds the kept packages' files after usr-merge path mapping.
 */
export function applyEffects(
  packages: readonly EffectPackage[],
  root: RootView,
  options: EffectOptions,
): EffectOutcome {
  // Which accounts get an id depends on all that ask for one, so they are asked first.
  const draft = perform(packages, root, { ...options, plan: new Map() })
  const { context, world } = perform(packages, root, { ...options, plan: draft.context.accounts.planIds() })
  for (const detail of world.leftOut) context.note('left-out', detail)
  return { changes: context.stage.changes(), applied: context.applied, unmodelled: world.unmodelled }
}

interface Notes {
  readonly applied: { effect: string; detail: string }[]
}

function perform(
  packages: readonly EffectPackage[],
  root: RootView,
  options: EffectOptions & { readonly plan: ReadonlyMap<string, number> },
): { readonly context: EffectContext & Notes; readonly world: EffectWorld } {
  const applied: Notes['applied'] = []
  const kept = configurationOrder(packages.filter((found) => found.kept))
  const context = {
    stage: new Stage(root, capturedContent(packages)),
    packages: kept,
    accounts: new AccountBook(baseAccounts(packages), options),
    options,
    applied,
    note: (effect: string, detail: string) => void applied.push({ effect, detail }),
  }
  const runs = effects.map((effect) => effect.start(context))
  const world = new EffectWorld(context, runs, { ...readers(context), ...debianReaders(context) })
  followScripts(context, world)
  for (const run of runs) run.finish?.()
  return { context, world }
}

function capturedContent(packages: readonly EffectPackage[]): (node: RootNode) => Uint8Array | undefined {
  const byName = new Map<string, PackageContent>(packages.map((found) => [found.package.name, found.content]))
  return ({ origin }) => {
    if (origin.kind !== 'package') return undefined
    const content = byName.get(origin.package)
    return content && capturedBytes(content, origin.path)
  }
}

/** The fixed accounts: as base-passwd of this release lists them, else as Temper knows them. */
function baseAccounts(packages: readonly EffectPackage[]): ConstructorParameters<typeof AccountBook>[0] {
  const content = packages.find((found) => found.package.name === 'base-passwd')?.content
  const text = (name: string) => {
    const bytes = content && capturedBytes(content, `usr/share/base-passwd/${name}.master`)
    return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
  }
  const users = readUsers(text('passwd'))
  const groups = readGroups(text('group'))
  return {
    users: users.length > 0 ? users : baseUsers,
    groups: groups.length > 0 ? groups : baseGroups,
  }
}
