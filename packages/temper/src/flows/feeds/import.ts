import { createReadStream } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { CoverageClaim } from '../../advisory/coverage/claim.ts'
import { canonicalEcosystem, parseEcosystem } from '../../advisory/ecosystem.ts'
import { openFeed } from '../../advisory/feed/open-feed.ts'
import { osvFolder } from '../../advisory/feed/osv/folder.ts'
import { type FeedStore, feedStore } from '../../advisory/index/store/store.ts'
import { createHasher, type Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'
import { redactUrl } from '../../base/http/redact.ts'
import { printableLine } from '../../base/printable.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
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
  /** Ecosystems of which the imported feed is the complete list: "Debian:13", "PyPI", or "Debian" for all releases. */
  readonly whole?: readonly string[]
}

/**
 * Reads feeds from files and folders into the store, and builds the index anew. The first one that cannot be read
 * ends the import; those before it stay imported.
 */
export async function importFeeds(request: ImportRequest, context: Context): Promise<readonly TakenFeed[]> {
  if (request.as !== undefined) checkName(request.as)
  for (const ecosystem of request.whole ?? []) checkEcosystem(ecosystem)
  for (const path of request.paths) checkIsPath(path)
  const store = feedStore(storeFolder(context, request.feeds))
  const inputs = (
    await Promise.all(request.paths.map((path) => feedInputs(resolve(context.workingDir, path))))
  ).flat()
  if (request.as !== undefined && inputs.length !== 1) {
    throw new TemperError('bad-usage', `A name is for one feed, but there are ${inputs.length}`, {
      hint: 'Import one file or one folder of records at a time, or give no name.',
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
  } catch (error) {
    // An index that does not know what lies beside it would pass for a damaged one.
    if (taken.length > 0 && !context.signal.aborted) await publish(store, context)
    throw error
  } finally {
    task.done()
  }
  await publish(store, context)
  return taken
}

async function publish(store: FeedStore, context: Context): Promise<void> {
  await store.publish({ now: context.now(), retention: retentionOf(context), signal: context.signal })
}

function checkIsPath(path: string): void {
  if (!/^(?:https?|ftp):\/\//i.test(path)) return
  throw new TemperError('bad-usage', `Expected a file or folder, found the address ${redactUrl(path)}`, {
    hint: 'Fetch it first, and name the file. Feeds of publishers are fetched by an update.',
  })
}

function checkName(id: string): void {
  if (/^\w[\w.+:@-]*(?:\/\w[\w.+:@-]*)*$/.test(id) && id.length <= 80) return
  throw new TemperError('bad-usage', `Expected a name for the feed, found "${printableLine(id)}"`, {
    hint: 'Use letters, digits and "-_.+:@", in parts separated by "/": at most 80 characters.',
  })
}

function checkEcosystem(text: string): void {
  if (parseEcosystem(text).scheme !== undefined) return
  throw new TemperError('bad-usage', `Temper knows no ecosystem "${printableLine(text)}"`, {
    hint: 'Name it as OSV does: "Debian:13", "Alpine:v3.22", "PyPI", "npm".',
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
    const opened = { kind: 'osv', items } as const
    return [
      await takeFeed(
        store,
        { id: input.id, opened, digest, fetched, claim: claimOf(input, request, 'osv') },
        options,
      ),
    ]
  }
  const opened = await openFeed(input.path, input.path)
  if (opened === 'index') return importExported(store, input.path, options)
  const digest = () => digestOfFile(input.path)
  const claim = claimOf(input, request, opened.kind)
  return [await takeFeed(store, { id: input.id, opened, digest, fetched, claim }, options)]
}

/**
 * A publisher's own name says what a file is: OSV's "Debian/all.zip" is all of Debian, "data/json" what Debian's tracker
 * serves. Of others the person can say it.
 */
function claimOf(input: FeedInput, { whole }: ImportRequest, kind: FeedState['kind']): CoverageClaim {
  if (whole !== undefined) return { by: 'person', ecosystems: whole.map(canonicalEcosystem) }
  const [name, folder] = [basename(input.path), basename(dirname(input.path))]
  const { family, scheme } = parseEcosystem(folder)
  if (kind === 'osv' && input.kind === 'file' && name === 'all.zip' && scheme !== undefined)
    return { by: 'publisher', family }
  const isTracker = /^(?:debian-|security-)*tracker\.json(?:\.(?:gz|xz|zst))?$/.test(name)
  if (kind === 'debian-tracker' && (isTracker || (name === 'json' && folder === 'data')))
    return { by: 'publisher' }
  return { by: 'nobody' }
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
