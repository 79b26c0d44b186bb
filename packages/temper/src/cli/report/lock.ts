import type { DescribedChange, LockOutcome } from '../../flows/lock/lock.ts'
import type { Style } from '../style.ts'
import { count } from './quantity.ts'
import { facts, table } from './table.ts'

/** The object of `temper lock --json`. */
export function lockJson(outcome: LockOutcome): Readonly<Record<string, unknown>> {
  const { path, changed, changes, lock } = outcome
  return { path, changed, changes, lock }
}

/** What a lock holds and how it differs from the one before. */
export function lockText(
  outcome: LockOutcome,
  options: {
    readonly target: string
    /** The lock file when it is not the one beside the recipe. */
    readonly file: string | undefined
    readonly style: Style
  },
): string {
  const { style, target, file } = options
  const { lock } = outcome
  const head = outcome.changed
    ? `${style.good('✓')} wrote ${style.bold(outcome.path)}\n`
    : `${style.good('✓')} ${style.bold(outcome.path)} is up to date\n`
  const rows: [string, string][] = lock.platforms.map((platform) => [
    platform.platform,
    `${count(platform.packages.length, 'package')}, ${platform.pruned.length} pruned, ${count(platform.unmodelledEffects.length, 'unmodelled effect')}`,
  ])
  for (const suite of lock.suites)
    rows.push(['suite', `${suite.suite} of ${suite.date.slice(0, 10)}, ${suite.address}`])
  rows.push(['next', `temper build ${target}${file === undefined ? '' : ` --lock ${file}`}`])
  return head + changesText(outcome.changes) + facts(rows)
}

/** The table of changes; none for a first lock, where everything is new. */
function changesText(changes: readonly DescribedChange[]): string {
  if (changes.every((change) => change.kind === 'added')) return ''
  return table(
    changes.map((change) => [`  ${change.platform}`, change.name, versions(change), change.cves.join(' ')]),
  )
}

function versions({ from, to }: DescribedChange): string {
  if (from === undefined) return `new: ${to?.version ?? ''}`
  if (to === undefined) return `gone: ${from.version}`
  return from.version === to.version ? `${to.version}, rebuilt` : `${from.version} → ${to.version}`
}
