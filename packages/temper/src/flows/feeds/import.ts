import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { openFeed } from '../../advisory/feed/open-feed.ts'
import { osvFolder } from '../../advisory/feed/osv/folder.ts'
import { type FeedStore, feedStore } from '../../advisory/index/store/store.ts'
import { createHasher, type Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { printableLine } from '../../base/printable.ts'
import type { Context } from '../context.ts'
import { retentionOf } from './configuration.ts'
import { importExported } from './exported.ts'
import { type FeedInput, feedInputs } from './inputs.ts'
import { storeFolder } from './store.ts'
import { type TakenFeed, type TakeOptions, takeFeed } from './take.ts'

export interface ImportRequest {
  readonly paths: readonly string[]
  /** Name for what is imported, when it is one feed. */
  readonly as?: string
  /** The store; absent: the one in the cache. */
  readonly feeds?: string
  readonly acceptSmaller?: boolean
}

/** Reads feeds from files and folders into the store, and builds the index anew. */
export async function importFeeds(request: ImportRequest, context: Context): Promise<readonly TakenFeed[]> {
  if (request.as !== undefined) checkName(request.as)
  const store = feedStore(storeFolder(context, request.feeds))
  const inputs = (
    await Promise.all(request.paths.map((path) => feedInputs(resolve(context.workingDir, path))))
  ).flat()
  if (request.as !== undefined && inputs.length !== 1) {
    throw new TemperError('bad-usage', `The name is for one feed, but there are ${inputs.length}`, {
      hint: 'Import one file or folder of records at a time, or give no name.',
    })
  }
  const taken: TakenFeed[] = []
  const task = context.progress.start('Reading feeds', { total: inputs.length, unit: 'items' })
  try {
    for (const input of inputs) {
      const id = request.as ?? input.id
      taken.push(...(await importOne(store, { ...input, id }, { request, context })))
      task.advance(1, id)
    }
  } finally {
    task.done()
  }
  await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
  return taken
}

function checkName(id: string): void {
  if (/^\w[\w.+:@-]*(?:\/\w[\w.+:@-]*)*$/.test(id) && id.length <= 80) return
  throw new TemperError('bad-usage', `Expected a name for the feed, found "${printableLine(id)}"`, {
    hint: 'Letters, digits and "-_.+:@", in parts that "/" separates: at most 80 characters.',
  })
}

async function importOne(
  store: FeedStore,
  input: FeedInput,
  { request, context }: { readonly request: ImportRequest; readonly context: Context },
): Promise<readonly TakenFeed[]> {
  const fetched = `${context.now().toISOString().slice(0, 19)}Z`
  const options: TakeOptions = { signal: context.signal, acceptSmaller: request.acceptSmaller === true }
  if (input.kind === 'records') {
    const { items, digest } = osvFolder(input.path, input.names)
    return [await takeFeed(store, { id: input.id, opened: { kind: 'osv', items }, digest, fetched }, options)]
  }
  const opened = await openFeed(input.path, input.path)
  if (opened === 'index') return importExported(store, input.path, options)
  const digest = () => digestOfFile(input.path)
  return [await takeFeed(store, { id: input.id, opened, digest, fetched }, options)]
}

/** SHA-256 of a file's bytes. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hasher = createHasher()
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      hasher.update(chunk as Buffer)
  } catch (error) {
    throw fileError('read', path, error)
  }
  return hasher.digest()
}
