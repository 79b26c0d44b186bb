import { resolve } from 'node:path'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { formatBytes } from '../../report/quantity.ts'
import { loadServer } from './module.ts'

export const command: CommandDefinition = {
  name: 'backup',
  summary: 'copy the data of a service to a folder, while it runs',
  quietable: true,
  configure: (command) => {
    command
      .argument('<folder>', 'folder of the backup; an existing backup gets what is new')
      .option('--data <folder>', 'data folder of the service (default: temper-data)')
      .addHelpText(
        'after',
        '\nThe backup holds the registry, tokens, the audit log and the key of the factory: keep it as secret as these.' +
          '\nThe database is not copied: it is rebuilt from the registry. Everything copied is checked.',
      )
  },
  examples: [
    {
      command: 'temper backup /backups/factory --data factory',
      does: 'copies what is new since the last backup',
    },
  ],
  run: async ({ args, options, host }) => {
    const { backup } = await loadServer()
    const at = (path: string) => resolve(host.workingDir, path)
    const done = await backup({
      data: at(textOption(options, 'data') ?? 'temper-data'),
      to: at(args[0] ?? ''),
      now: host.now(),
    })
    const { repositories, tags, contents, bytes, copied } = done
    return {
      json: { repositories, tags, contents, bytes, copied },
      text: (style) =>
        `${style.good('✓')} ${repositories} repositories, ${tags} tags, ${contents} contents of ${formatBytes(bytes)}, ${copied} of them new\n`,
    }
  },
}
