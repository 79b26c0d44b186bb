import { existsSync } from 'node:fs'
import { printableLine } from '../../base/printable.ts'
import { flagOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { table } from '../report/table.ts'
import type { EffectiveSettings } from '../settings/effective.ts'

export const command: CommandDefinition = {
  name: 'config',
  summary: 'show the settings in effect, and the variable or file that sets each',
  configure: (command) => {
    command.option('--all', 'also list what is not set, with the variable that would set it')
  },
  examples: [
    { command: 'temper config', does: 'the settings from environment and configuration file' },
    { command: 'temper config --all', does: 'every option of every command, with its variable' },
  ],
  run: async ({ options, host, program }) => {
    const [{ configuration, configurationPath }, { effectiveSettings }] = await Promise.all([
      import('../settings/locate.ts'),
      import('../settings/effective.ts'),
    ])
    const { file } = configurationPath(host, options)
    const settings = effectiveSettings(await program(), {
      host,
      configuration: await configuration(host, options),
      file,
      all: flagOption(options, 'all'),
    })
    const exists = existsSync(file)
    return {
      json: { file: { path: file, exists }, ...settings },
      text: () => `Configuration file: ${file}${exists ? '' : ' (there is none)'}\n${settingsText(settings)}`,
    }
  },
}

function settingsText({ settings, unknown }: EffectiveSettings): string {
  const rows = settings.map(({ name, value, from }) => [name, value, from].map((cell) => printableLine(cell)))
  const list =
    rows.length === 0 ? 'Nothing is set: the defaults are in effect (temper config --all)\n' : table(rows)
  const strange = unknown.map((name) => `${printableLine(name)} sets nothing: no option has that name\n`)
  return `${list}${strange.join('')}`
}
