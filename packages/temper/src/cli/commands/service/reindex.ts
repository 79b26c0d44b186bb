import type { CommandDefinition } from '../../program/command.ts'
import { loadServer, serviceSettings } from './module.ts'

export const command: CommandDefinition = {
  name: 'reindex',
  summary: 'rebuild the database of a factory from its registry, while the factory is stopped',
  configure: (command) => {
    command
      .option('--data <folder>', 'data folder of the factory (default: temper-data)')
      .option('--feeds <folder>', 'feeds that images are checked against (default: those of this machine)')
      .option('--database <address>', 'a PostgreSQL server (default: an embedded one in the data folder)')
      .option('--registry <address>', 'registry that images are published to (default: its own)')
      .addHelpText(
        'after',
        '\nLogs of builds, and builds that published nothing, are lost: only the database had them.',
      )
  },
  examples: [
    {
      command: 'temper reindex --data factory',
      does: 'reads everything that the factory signed and published',
    },
  ],
  run: async (invocation) => {
    const module = await loadServer()
    const counts = await module.reindex(await serviceSettings(invocation, module), await invocation.context())
    const { images, builds, recipes } = counts
    return {
      json: { images, builds, recipes },
      text: (style) => `${style.good('✓')} ${images} images, ${builds} builds, ${recipes} recipes\n`,
    }
  },
}
