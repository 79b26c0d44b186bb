import type { CatalogEntry } from '../../../flows/catalog/list.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { formatBytes } from '../../report/quantity.ts'
import { table } from '../../report/table.ts'

export const command: CommandDefinition = {
  name: 'catalog',
  summary: 'list the images that can be built by name',
  configure: () => {},
  examples: [
    { command: 'temper catalog', does: 'those in catalog/ of this folder, and those that ship with Temper' },
    { command: "temper catalog --json | jq -r '.[].name'", does: 'for scripts' },
  ],
  run: async ({ context }) => {
    const { listCatalog } = await import('../../../flows/catalog/list.ts')
    const entries = await listCatalog(await context())
    return { json: entries, text: () => catalogText(entries) }
  },
}

function catalogText(entries: readonly CatalogEntry[]): string {
  const rows = entries.map((entry) => [
    entry.name,
    entry.lines.join(', ') || '-',
    entry.variants.join(', '),
    entry.packages === null ? '-' : String(entry.packages),
    entry.size === null ? '-' : formatBytes(entry.size),
    entry.description,
  ])
  return table(
    [['NAME', 'LINES', 'VARIANTS', 'PACKAGES', 'SIZE', ''], ...rows],
    [{}, {}, {}, { align: 'right' }, { align: 'right' }],
  )
}
