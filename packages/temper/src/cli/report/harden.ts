import type { HardenResult } from '../../flows/harden/request.ts'
import type { Style } from '../style.ts'
import { count, formatBytes } from './quantity.ts'
import { facts } from './table.ts'

/** Most lines of one kind that people are shown unless they ask for all. */
const shown = 12

/** What hardening did, and what it left. */
export function hardenText(
  { from, digest, reference, updated, removed, left, user, size, published }: HardenResult,
  { style, verbose }: { readonly style: Style; readonly verbose: boolean },
): string {
  const rules = Map.groupBy(removed, ({ rule }) => rule)
  const rows: [string, string][] = [
    ['from', from],
    ['digest', digest],
    ['size', `${formatBytes(size.before)} before, ${formatBytes(size.after)} after`],
    ['user', user === '' ? 'root' : user],
    ['updated', count(updated.length, 'package')],
    ['removed', [...rules].map(([rule, all]) => `${rule} ${all.length}`).join(', ') || 'nothing'],
    ...published.map((each): [string, string] => ['published', each]),
  ]
  const changes = updated.map(
    ({ package: name, from: old, to }) => `  ${name} ${old === '' ? 'new' : old} → ${to}\n`,
  )
  const gone = verbose ? removed.map(({ path, rule }) => `  ${path} (${rule})\n`) : []
  const most = verbose ? left.length : shown
  const stays = left.slice(0, most).map(({ what, why }) => `  ${style.warn(what)}: ${why}\n`)
  const more = left.length > most ? [`  and ${left.length - most} more: --verbose\n`] : []
  const head =
    left.length === 0
      ? `${style.good('✓')} hardened ${style.bold(reference)}\n`
      : `${style.warn('!')} hardened ${style.bold(reference)}, with ${count(left.length, 'thing')} left\n`
  return [
    head,
    facts(rows),
    ...changes,
    ...gone,
    ...(left.length === 0
      ? []
      : ['left, because nothing shows that it can be removed or changed:\n', ...stays, ...more]),
  ].join('')
}
