import { printableLine } from '../../base/printable.ts'
import type { ExportedFeeds } from '../../flows/feeds/export.ts'
import type { FeedsStatus } from '../../flows/feeds/status.ts'
import type { TakenFeed } from '../../flows/feeds/take.ts'
import type { UpdatedFeed } from '../../flows/feeds/update.ts'
import type { VerifiedFile } from '../../flows/feeds/verify.ts'
import { coverageOfFeed, type FeedState } from '../../model/advisory/advisory.ts'
import type { Style } from '../style.ts'
import { count, formatBytes } from './quantity.ts'
import { facts, table } from './table.ts'

const right = { align: 'right' } as const

export function statusText(status: FeedsStatus, { now, style }: { now: Date; style: Style }): string {
  const rows = status.feeds.map((feed) => [
    `  ${printableLine(feed.id)}`,
    feed.kind,
    number(feed.count),
    (feed.date ?? '').slice(0, 10),
    age(feed, now),
    speaksFor(feed),
    feed.stale ? 'stale' : '',
    feed.skipped === undefined ? '' : `${feed.skipped} left out`,
  ])
  const head = ['  feed', 'kind', 'records', 'newest', 'fetched', 'speaks for', '', '']
  const stale = status.feeds.filter((feed) => feed.stale).length
  const lines = table([head, ...rows], [{}, {}, right, {}, right])
  const [first, last] = [status.days[0], status.days.at(-1)]
  return (
    `${lines}${facts([
      ['index', `${formatBytes(status.indexSize)} in ${status.path}`],
      ...(first === undefined || last === undefined
        ? []
        : [
            [
              'days',
              first === last ? first : `${first} to ${last} (${status.days.length}), for --as-of`,
            ] as const,
          ]),
    ])}` +
    (stale === 0 ? '' : `${style.bad(count(stale, 'feed'))} older than allowed: run temper feeds update\n`)
  )
}

export function updateText(updated: readonly UpdatedFeed[], style: Style): string {
  // Why one failed was said when it failed.
  const rows = updated.map(({ id, outcome, state }) => [
    `  ${printableLine(id)}`,
    outcome,
    state === undefined ? '' : number(state.count),
  ])
  const failed = updated.filter(({ outcome }) => outcome === 'failed').length
  const good = updated.length - failed
  const head = failed === 0 ? style.good('✓') : style.bad('✗')
  const kept = failed === 0 ? '' : `, ${failed} failed and stay as they were`
  const next =
    good === 0 && failed > 0 ? 'Without a network, import them from files: temper feeds import FILE…\n' : ''
  return `${head} ${count(good, 'feed')} up to date${kept}\n${table(rows, [{}, {}, right])}${next}`
}

/** What `--json` says about one updated feed. */
export function updateJson({ id, outcome, state, error }: UpdatedFeed): Readonly<Record<string, unknown>> {
  return {
    id,
    outcome,
    ...(state === undefined ? {} : { feed: state }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  }
}

export function importText(taken: readonly TakenFeed[], style: Style): string {
  const rows = taken.map(({ state }) => [
    `  ${printableLine(state.id)}`,
    state.kind,
    number(state.count),
    speaksFor(state),
    state.skipped === undefined ? '' : `${state.skipped} left out`,
  ])
  const notes = taken.flatMap(({ state, skipped }) =>
    skipped.slice(0, 3).map((each) => `  ${printableLine(`${state.id}: ${each.where}: ${each.reason}`)}\n`),
  )
  return `${style.good('✓')} ${count(taken.length, 'feed')} imported\n${table(rows, [{}, {}, right])}${notes.join('')}${partsText(taken)}`
}

/** How to say of collections that they are whole lists: nobody else can. */
function partsText(taken: readonly TakenFeed[]): string {
  const coverage = taken.flatMap(({ state }) => coverageOfFeed(state))
  const ecosystems = coverage.filter(({ extent }) => extent === 'records').flatMap((each) => each.ecosystems)
  const families = [...new Set(ecosystems.map((ecosystem) => ecosystem.split(':')[0] ?? ''))]
  if (families.length === 0) return ''
  const known = families.length === 1 ? (families[0] ?? '') : 'ECOSYSTEM'
  return `Import a complete list of an ecosystem with --whole ${printableLine(known)}.\n`
}

export function exportText(exported: ExportedFeeds, style: Style): string {
  return `${style.good('✓')} ${exported.path}\n${facts([
    ['size', formatBytes(exported.size)],
    ['feeds', String(exported.feeds.length)],
    ['digest', exported.digest],
  ])}`
}

export function verifyText(verified: readonly VerifiedFile[], style: Style): string {
  const rows = verified.reduce((sum, each) => sum + Object.values(each.rows).reduce((a, b) => a + b, 0), 0)
  const size = verified.reduce((sum, each) => sum + each.size, 0)
  const [only, ...more] = verified
  // What to compare with what "temper feeds export" printed.
  const digest = only === undefined || more.length > 0 ? '' : facts([['digest', only.digest]])
  return `${style.good('✓')} ${count(verified.length, 'file')} sound: ${number(rows)} rows, ${formatBytes(size)}\n${digest}`
}

/** "all of Debian 11, 12, 13", "repairs of 29 packages of Debian 13", "single records of npm". */
function speaksFor(feed: FeedState): string {
  const { kind } = feed
  if (kind === 'kev' || kind === 'epss' || kind === 'archives') return ''
  const texts = coverageOfFeed(feed).map(({ extent, knows, ecosystems, packages = [], part }) => {
    const what = knows === 'all' ? 'all' : 'repairs'
    const names = ecosystemNames(ecosystems)
    if (extent === 'records') return `single records of ${names}`
    if (extent === 'packages') return `${what} of ${count(packages.length, 'source package')} of ${names}`
    return `${what} of ${names}${part === undefined ? '' : `, ${part}`}`
  })
  return printableLine(texts.length === 0 ? 'nothing: import it again' : texts.join('; '), { most: 80 })
}

/** Releases of one family together: "Debian 11, 12". */
function ecosystemNames(ecosystems: readonly string[]): string {
  const families = Map.groupBy(ecosystems, (ecosystem) => ecosystem.split(':')[0] ?? '')
  return [...families]
    .map(([family, all]) => {
      const releases = all.map((each) => each.slice(family.length + 1)).filter((release) => release !== '')
      const shown = releases.slice(0, 6).join(', ')
      return `${family} ${shown}${releases.length > 6 ? '…' : ''}`.trim()
    })
    .join(', ')
}

function age(feed: FeedState, now: Date): string {
  const fetched = Date.parse(feed.fetched ?? '')
  if (Number.isNaN(fetched)) return 'unknown'
  const hours = Math.max(0, Math.floor((now.getTime() - fetched) / 3_600_000))
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`
}

function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
