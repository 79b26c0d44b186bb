import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { archiveItem } from '../../advisory/feed/archives.ts'
import type { FeedItem } from '../../advisory/feed-item.ts'
import { feedStore } from '../../advisory/index/store/store.ts'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { walkFolder } from '../../base/folder/walk.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { Context } from '../context.ts'
import { retentionOf } from './configuration.ts'
import { storeFolder } from './store.ts'
import { type TakenFeed, takeFeed } from './take.ts'

export interface ArchivesRequest {
  /** Folders that are laid out as Maven's repositories are, such as ~/.m2/repository. */
  readonly folders: readonly string[]
  readonly feeds?: string
}

/** Most objects in one folder. */
const entryLimit = 5_000_000

/**
 * Makes a feed with the names of Java archives by digest from Maven repositories on disk, where paths say what each
 * archive is. It replaces an earlier one of this kind. Throws `not-found` when there are none.
 */
export async function archivesFeed(
  request: ArchivesRequest,
  context: Context,
): Promise<readonly TakenFeed[]> {
  const items: FeedItem[] = []
  for (const folder of request.folders) items.push(...(await itemsOf(folder, context)))
  if (items.length === 0)
    throw new TemperError('not-found', `There are no archives of Maven in ${request.folders.join(', ')}`, {
      hint: 'A repository has GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar, as ~/.m2/repository does.',
    })
  const store = feedStore(storeFolder(context, request.feeds))
  const taken = await takeFeed(
    store,
    {
      id: 'archives/local',
      opened: { kind: 'archives', items: streamOf(items) },
      digest: () => sha256(canonicalJson(items)),
      licence: 'facts',
      fetched: `${context.now().toISOString().slice(0, 19)}Z`,
    },
    // How many there are depends on the folders that were named.
    { signal: context.signal, acceptSmaller: true },
  )
  await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
  return [taken]
}

async function itemsOf(folder: string, context: Context): Promise<readonly FeedItem[]> {
  const root = resolve(context.workingDir, folder)
  const { objects } = await walkFolder(root, { entries: entryLimit, signal: context.signal })
  const named = objects.flatMap(({ path, stats }) => {
    const coordinates = stats.isFile() ? coordinatesOf(path) : undefined
    return coordinates === undefined ? [] : [{ path, coordinates }]
  })
  const items: FeedItem[] = []
  const task = context.progress.start('Reading archives', { total: named.length, unit: 'items' })
  try {
    for (const { path, coordinates } of named) {
      throwIfStopped(context.signal)
      const item = archiveItem({ sha1: await sha1Of(join(root, path)), ...coordinates })
      if (item !== undefined) items.push(item)
      task.advance(1, coordinates.artifact)
    }
  } finally {
    task.done()
  }
  return items
}

/** "org/x/lib/1.0/lib-1.0.jar"; archives with a classifier (sources, another platform) are others of the same name. */
export function coordinatesOf(
  path: string,
): { readonly group: string; readonly artifact: string; readonly version: string } | undefined {
  const parts = path.split('/')
  const [version, artifact] = [parts.at(-2), parts.at(-3)]
  const group = parts.slice(0, -3).join('.')
  if (version === undefined || artifact === undefined || group === '') return undefined
  const [, stem] = /^(.+)\.(?:jar|war|ear|aar|nar|kar|jpi|hpi)$/.exec(parts.at(-1) ?? '') ?? []
  return stem === `${artifact}-${version}` ? { group, artifact, version } : undefined
}

async function sha1Of(path: string): Promise<string> {
  const hash = createHash('sha1')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      hash.update(chunk as Buffer)
  } catch (error) {
    throw fileError('read', path, error)
  }
  return hash.digest('hex')
}

async function* streamOf(items: readonly FeedItem[]): AsyncGenerator<FeedItem, void, void> {
  yield* items
}
