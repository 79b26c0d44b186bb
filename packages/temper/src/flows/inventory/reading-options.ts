import { join } from 'node:path'
import type { InventoryOptions } from '../../inventory/reading/options.ts'
import type { Context } from '../context.ts'

/** How layers and folders are read in this context. */
export function readingOptions(
  context: Pick<Context, 'cacheDir' | 'progress' | 'signal' | 'program'>,
): Required<Pick<InventoryOptions, 'cacheDir' | 'progress' | 'signal' | 'program'>> {
  return {
    cacheDir: join(context.cacheDir, 'inventories-3'),
    progress: context.progress,
    signal: context.signal,
    program: context.program?.() ?? '',
  }
}
