import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileError } from '../../base/file.ts'
import type { Context } from '../context.ts'

const defaultStaleAfter = 7 * 86_400

/** Seconds after which a feed counts as stale. */
export function staleAfterOf(context: Pick<Context, 'feeds'>): number {
  return context.feeds?.staleAfter ?? defaultStaleAfter
}

/** Path of the store: the one that was named, or the one in the cache. */
export function storeFolder(context: Pick<Context, 'cacheDir' | 'workingDir'>, feeds?: string): string {
  return feeds === undefined ? join(context.cacheDir, 'feeds') : resolve(context.workingDir, feeds)
}

/** Whether a path is a store, that is a folder or nothing yet, rather than an exported file. */
export async function isStore(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw fileError('read', path, error)
  }
}
