import { TemperError } from '../../base/error.ts'
import type { Context } from '../context.ts'

/**
 * Keeps in the cache what only saves work the next time. A cache that cannot be written to (read-only, full)
 * costs time, not the result: the reason is told to whoever asks for details.
 */
export async function keep(write: () => Promise<void>, context: Pick<Context, 'progress'>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof TemperError && error.code === 'file-system')) throw error
    context.progress.note(`not kept for the next time: ${error.message}`)
  }
}
