import type { Inventory, InventoryNote } from '../../model/inventory.ts'

/** How many are named. */
const named = 3

/** Notes that archives do not identify themselves, so that findings under guessed names may be about something else. */
export function guessedNotes({ components }: Inventory): readonly InventoryNote[] {
  const guessed = components.filter(({ guessedFrom }) => guessedFrom !== undefined)
  if (guessed.length === 0) return []
  const texts = guessed
    .slice(0, named)
    .map(({ name, version, guessedFrom }) => `${name} ${version} from ${guessedFrom}`)
  const more = guessed.length > named ? `, and ${guessed.length - named} more` : ''
  const words =
    guessed.length === 1
      ? '1 archive does not say what it is: its name was guessed'
      : `${guessed.length} archives do not say what they are: their names were guessed`
  return [{ code: 'names-guessed', message: `${words} (${texts.join(', ')}${more})` }]
}
