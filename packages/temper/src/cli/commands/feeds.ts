import { Argument } from 'commander'
import { TemperError } from '../../base/error.ts'
import type { TakenFeed } from '../../flows/feeds/take.ts'
import { flagOption, joinRules, textOption } from '../options/option.ts'
import type { CommandDefinition, Invocation, Outcome } from '../program/command.ts'

const actions = [
  'status',
  'update',
  'import',
  'export',
  'verify',
  'changelogs',
  'archives',
  'remove',
] as const

type Action = (typeof actions)[number]

export const command: CommandDefinition = {
  name: 'feeds',
  ownCache: true,
  summary: 'fetch, import, export and check advisories about vulnerabilities',
  quietable: true,
  configure: (command) => {
    command
      .addArgument(new Argument('[action]', 'what to do').choices(actions).default('status'))
      .argument(
        '[names...]',
        'update, remove: feeds (default: all); import: files and folders; export: one file',
      )
      .option('--feeds <dir>', 'another store of feeds (verify and status: or an exported file)')
      .option('--as <id>', 'import: name of the feed, if only one is imported (default: name of the file)')
      .option(
        '--whole <ecosystems>',
        'import: the ecosystem that it lists completely, as OSV names it ("Debian:13", "PyPI"); separate several by commas, or repeat the option',
        joinRules,
      )
      .option(
        '--accept-smaller',
        'import, update: accept a feed even if it lost a fifth of its records or more',
      )
  },
  examples: [
    {
      command: 'temper feeds update',
      does: 'for a nightly job: fetches what changed, and says what failed',
    },
    { command: 'temper feeds', does: 'each feed with its date, number of records and age' },
    {
      command: 'temper feeds import all.zip advisories.ndjson.gz kev.json',
      does: 'no network: feeds from files',
    },
    { command: 'temper feeds export feeds.index', does: 'one file, to carry to a site without network' },
    {
      command: 'temper feeds changelogs nginx',
      does: 'a feed from a mirror alone: what changelogs say is repaired',
    },
    {
      command: 'temper feeds archives ~/.m2/repository',
      does: 'a feed that names Java archives by digest, for archives that do not name themselves',
    },
    { command: 'temper feeds verify', does: 'reads and checks everything that is stored' },
  ],
  run: async (invocation) => {
    const [action = 'status', ...names] = invocation.args.flat()
    return runs[action as Action](
      invocation,
      names.filter((name) => name !== undefined),
    )
  },
}

type Run = (invocation: Invocation, names: readonly string[]) => Promise<Outcome>

const runs: Readonly<Record<Action, Run>> = {
  async status(invocation, names) {
    refuse('status', names)
    const { feedsStatus } = await import('../../flows/feeds/status.ts')
    const { statusText } = await import('../report/feeds.ts')
    const status = await feedsStatus(storeOf(invocation), await invocation.context())
    return {
      json: { ...status },
      text: (style) => statusText(status, { now: invocation.host.now(), style }),
      kind: 'answer',
    }
  },
  async update(invocation, names) {
    const { updateFeeds } = await import('../../flows/feeds/update.ts')
    const { updateText, updateJson } = await import('../report/feeds.ts')
    const request = { only: names, ...storeOf(invocation), ...acceptance(invocation) }
    const updated = await updateFeeds(request, await invocation.context())
    const failed = updated.find(({ outcome }) => outcome === 'failed')
    return {
      json: { feeds: updated.map(updateJson) },
      text: (style) => updateText(updated, style),
      ...(failed === undefined ? {} : { exitCode: failed.error?.exitCode ?? 3 }),
    }
  },
  async import(invocation, names) {
    if (names.length === 0)
      throw usage('"temper feeds import" takes files or folders', 'temper feeds import FILE…')
    const { importFeeds } = await import('../../flows/feeds/import.ts')
    const as = textOption(invocation.options, 'as')
    const whole = textOption(invocation.options, 'whole')
    const request = {
      paths: names,
      ...storeOf(invocation),
      ...acceptance(invocation),
      ...(as === undefined ? {} : { as }),
      ...(whole === undefined ? {} : { whole: whole.split(',').map((word) => word.trim()) }),
    }
    return takenOutcome(await importFeeds(request, await invocation.context()))
  },
  async export(invocation, names) {
    const [file] = names
    if (file === undefined || names.length > 1)
      throw usage('"temper feeds export" takes the name of one file', 'temper feeds export feeds.index')
    const { exportFeeds } = await import('../../flows/feeds/export.ts')
    const { exportText } = await import('../report/feeds.ts')
    const exported = await exportFeeds({ file, ...storeOf(invocation) }, await invocation.context())
    return { json: { ...exported }, text: (style) => exportText(exported, style) }
  },
  async verify(invocation, names) {
    refuse('verify', names)
    const { verifyFeeds } = await import('../../flows/feeds/verify.ts')
    const { verifyText } = await import('../report/feeds.ts')
    const verified = await verifyFeeds(storeOf(invocation), await invocation.context())
    return { json: { verified }, text: (style) => verifyText(verified, style) }
  },
  async changelogs(invocation, names) {
    if (names.length === 0)
      throw usage('"temper feeds changelogs" takes recipes', 'temper feeds changelogs nginx')
    const { changelogFeeds } = await import('../../flows/feeds/changelogs.ts')
    return takenOutcome(
      await changelogFeeds({ recipes: names, ...storeOf(invocation) }, await invocation.context()),
    )
  },
  async archives(invocation, names) {
    if (names.length === 0)
      throw usage('"temper feeds archives" takes folders', 'temper feeds archives ~/.m2/repository')
    const { archivesFeed } = await import('../../flows/feeds/archives.ts')
    return takenOutcome(
      await archivesFeed({ folders: names, ...storeOf(invocation) }, await invocation.context()),
    )
  },
  async remove(invocation, names) {
    if (names.length === 0) throw usage('"temper feeds remove" takes ids of feeds', 'temper feeds status')
    const { removeFeeds } = await import('../../flows/feeds/remove.ts')
    const { count } = await import('../report/quantity.ts')
    const removed = await removeFeeds({ ids: names, ...storeOf(invocation) }, await invocation.context())
    return { json: { removed }, text: () => `Removed ${count(removed.length, 'feed')}.\n` }
  },
}

async function takenOutcome(taken: readonly TakenFeed[]): Promise<Outcome> {
  const { importText } = await import('../report/feeds.ts')
  const feeds = taken.map(({ state, skipped }) => ({
    ...state,
    ...(skipped.length === 0 ? {} : { examples: skipped }),
  }))
  return { json: { feeds }, text: (style) => importText(taken, style) }
}

function storeOf(invocation: Invocation): { readonly feeds?: string } {
  const feeds = textOption(invocation.options, 'feeds')
  return feeds === undefined ? {} : { feeds }
}

function acceptance(invocation: Invocation): { readonly acceptSmaller: boolean } {
  return { acceptSmaller: flagOption(invocation.options, 'acceptSmaller') }
}

function refuse(action: Action, names: readonly string[]): void {
  if (names.length === 0) return
  throw usage(`"temper feeds ${action}" takes no names, but was given ${names[0]}`, `temper feeds ${action}`)
}

function usage(message: string, example: string): TemperError {
  return new TemperError('bad-usage', message, { hint: `For example: ${example}` })
}
