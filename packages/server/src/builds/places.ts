import { join } from 'node:path'
import type { RecipeRow } from '../database/schema.ts'

/** What the commands of one build share. */
export interface Workplace {
  readonly recipe: Pick<RecipeRow, 'name' | 'path'>
  /** Folder that is deleted afterwards. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

export function lockFile({ folder }: Pick<Workplace, 'folder'>): string {
  return join(folder, 'lock.json')
}

export function layoutOf({ folder }: Pick<Workplace, 'folder'>): string {
  return join(folder, 'image')
}
