import { join, resolve } from 'node:path'
import { openIndex } from '../advisory/index/open-index.ts'
import type { AdvisoryIndex } from '../model/advisory.ts'
import type { Context } from './context.ts'

export interface OpenFeedsRequest {
  /** A store of feeds, a file that was exported from one, or absent: the store in the cache. */
  readonly feeds?: string
  /** A day, YYYY-MM-DD. */
  readonly asOf?: string
}

/** The folder of the feeds that Temper keeps. */
export function feedsFolder(context: Pick<Context, 'cacheDir'>): string {
  return join(context.cacheDir, 'feeds')
}

/** Opens what is known for look-ups. Imports next to nothing: scanning begins with it. */
export async function openFeeds(
  context: Pick<Context, 'cacheDir' | 'workingDir' | 'now'>,
  request: OpenFeedsRequest = {},
): Promise<AdvisoryIndex> {
  const path = request.feeds === undefined ? feedsFolder(context) : resolve(context.workingDir, request.feeds)
  return openIndex(path, {
    now: context.now(),
    ...(request.asOf === undefined ? {} : { asOf: request.asOf }),
  })
}
