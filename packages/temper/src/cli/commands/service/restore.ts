import { resolve } from 'node:path'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { formatBytes } from '../../report/quantity.ts'
import { loadServer } from './module.ts'

export const command: CommandDefinition = {
  name: 'restore',
  summary: 'restore the data folder of a service from a backup',
  quietable: true,
  configure: (command) => {
    command
      .argument('<folder>', 'folder of the backup')
      .option('--data <folder>', 'data folder to create for the service (default: temper-data)')
      .addHelpText('after', '\nAll content is checked. A factory rebuilds its database when it starts.')
  },
  examples: [
    { command: 'temper restore /backups/factory --data factory', does: 'restores the folder as it was' },
  ],
  run: async ({ args, options, host }) => {
    const { restore } = await loadServer()
    const at = (path: string) => resolve(host.workingDir, path)
    const done = await restore({
      from: at(args[0] ?? ''),
      data: at(textOption(options, 'data') ?? 'temper-data'),
    })
    const { created, repositories, tags, contents, bytes } = done
    return {
      json: { created, repositories, tags, contents, bytes },
      text: (style) =>
        `${style.good('✓')} as of ${created}: ${repositories} repositories, ${tags} tags, ${contents} contents of ${formatBytes(bytes)}\n`,
    }
  },
}
