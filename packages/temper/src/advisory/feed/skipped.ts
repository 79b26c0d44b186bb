import { TemperError } from '../../base/error.ts'
import type { SkippedItem } from '../feed-item.ts'
import { UnusableRecord } from './unusable-record.ts'

/** The note about a record that could not be read; errors that are not the fault of a record are thrown. */
export function skipped(where: string, error: unknown): SkippedItem {
  if (error instanceof UnusableRecord || error instanceof SyntaxError || isLimit(error))
    return { kind: 'skipped', where, reason: (error as Error).message.slice(0, 200) }
  throw error
}

function isLimit(error: unknown): boolean {
  return error instanceof TemperError && error.code === 'limit-exceeded'
}
