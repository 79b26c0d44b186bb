import { temperVersion } from '../../base/version.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'version',
  summary: 'print the versions of Temper and Node, and the platform: what a bug report needs',
  configure: () => {},
  examples: [{ command: 'temper version --json', does: 'the same for scripts' }],
  run: async () => {
    const facts = {
      version: temperVersion(),
      node: process.versions.node,
      platform: `${process.platform}/${process.arch}`,
    }
    return {
      json: facts,
      text: () => `temper ${facts.version} (Node ${facts.node}, ${facts.platform})\n`,
    }
  },
}
