import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileError } from '../../base/file.ts'
import type { Context } from '../context.ts'

const defaultStaleAfter = 7 * 86_400

/** Seconds after which a feed counts as stale. */
export function staleAfterOf(context: Pick<Context, 'feeds'>): number {
  return context.feeds?.staleAfter ?? defaultStaleAfter
}

/** The store that is meant: a path from the person, or the one in the cache. */
export function storeFolder(context: Pick<Context, 'cacheDir' | 'workingDir'>, feeds?: string): string {
  return feeds === undefined ? join(context.cacheDir, 'feeds') : resolve(context.workingDir, feeds)
}

/** A folder, or a path where nothing is yet: not a file that was exported. */
export async function isStore(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw fileError('read', path, error)
  }
}
