import { changelogItems } from '../../advisory/feed/changelogs.ts'
import type { FeedItem } from '../../advisory/feed-item.ts'
import { feedStore } from '../../advisory/index/store/store.ts'
import { sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { throwIfStopped } from '../../base/stop.ts'
import { openDistro } from '../../distro/open.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import { readChangelog } from '../lock/changelogs.ts'
import { loadTarget } from '../lock/recipe-target.ts'
import { resolve } from '../lock/resolve.ts'
import { retentionOf } from './configuration.ts'
import { storeFolder } from './store.ts'
import { type TakenFeed, takeFeed } from './take.ts'

export interface ChangelogsRequest {
  /** Names in the catalogue, or paths of recipes. */
  readonly recipes: readonly string[]
  readonly feeds?: string
}

const licence = 'facts from the changelogs of the archive'

/**
 * Makes feeds from nothing but a mirror: the fixes that the changelogs of the newest packages of recipes name, one
 * feed for each distribution. They replace earlier ones of this kind.
 */
export async function changelogFeeds(
  request: ChangelogsRequest,
  context: Context,
): Promise<readonly TakenFeed[]> {
  const packages = await newestPackages(request.recipes, context)
  const store = feedStore(storeFolder(context, request.feeds))
  const taken: TakenFeed[] = []
  for (const [distribution, locked] of packages) {
    const digest = sha256(canonicalJson(locked.map((each) => each.digest).sort()))
    taken.push(
      await takeFeed(
        store,
        {
          id: `changelogs/${distribution}`,
          opened: { kind: 'changelogs', items: items(distribution, locked, context) },
          digest: () => digest,
          licence,
          fetched: `${context.now().toISOString().slice(0, 19)}Z`,
        },
        // How many there are depends on the recipes that were named.
        { signal: context.signal, acceptSmaller: true },
      ),
    )
  }
  await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
  return taken
}

/** One package of each source, by distribution: all binaries of a source have the same changelog. */
async function newestPackages(
  recipes: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, readonly LockedPackage[]>> {
  const newest = new Map<string, Map<string, LockedPackage>>()
  for (const recipe of recipes) {
    const lock = await resolve(await loadTarget({ target: recipe }, context), context)
    const sources = newest.get(lock.distribution) ?? new Map<string, LockedPackage>()
    newest.set(lock.distribution, sources)
    for (const each of lock.platforms.flatMap((platform) => platform.packages)) {
      const key = `${each.source.name} ${each.source.version}`
      const known = sources.get(key)
      // Names decide, not the order in which platforms come.
      if (known === undefined || each.name < known.name) sources.set(key, each)
    }
  }
  return new Map([...newest].map(([distribution, sources]) => [distribution, [...sources.values()]]))
}

async function* items(
  distribution: string,
  packages: readonly LockedPackage[],
  context: Context,
): AsyncGenerator<FeedItem, void, void> {
  const distro = await openDistro(distribution, context)
  const about = distro.changelogAdvisories
  for (const locked of packages) {
    throwIfStopped(context.signal)
    const all = about && (await readChangelog(locked, { context, distro }))
    if (about === undefined || all === undefined) {
      yield { kind: 'skipped', where: locked.name, reason: 'it has no changelog' }
      continue
    }
    yield { kind: 'covered', ecosystem: about.ecosystem, name: locked.source.name }
    // Sources that took in others go on with their changelogs: only entries of its own name count.
    const entries = all.filter(({ source }) => source === locked.source.name)
    yield* changelogItems(
      { ...about, source: locked.source.name },
      entries.map(({ version, date, changes, cveIds }) => {
        const time = Date.parse(date ?? '')
        const moment = Number.isNaN(time) ? {} : { date: new Date(time).toISOString() }
        return { version, changes, cveIds, ...moment }
      }),
    )
  }
}
