import type { CommandDefinition } from '../../program/command.ts'
import { loadServer, serviceSettings } from './module.ts'

export const command: CommandDefinition = {
  name: 'reindex',
  summary: 'make the database of a factory anew out of its registry, while it is stopped',
  configure: (command) => {
    command
      .option('--data <folder>', 'where the factory keeps everything (default: temper-data)')
      .option('--feeds <folder>', 'feeds that images are held against (default: those of this machine)')
      .option('--database <address>', 'a PostgreSQL server (default: an embedded one in the data folder)')
      .option('--registry <address>', 'registry that images are published to (default: its own)')
      .addHelpText(
        'after',
        '\nBuilds that published nothing and the logs of builds are lost: only the database knew of them.',
      )
  },
  examples: [
    { command: 'temper reindex --data factory', does: 'reads what the factory signed and published' },
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
