import { Argument } from 'commander'
import { askedKinds } from '../completion/grammar.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'complete',
  hidden: true,
  summary: 'print what can stand at a place of the command line, for completion scripts',
  configure: (command) => {
    command
      .addArgument(new Argument('<kind>', 'what to complete').choices(askedKinds))
      .argument('[word]', 'what is typed so far')
  },
  examples: [],
  run: async ({ args: [kind, word = ''], context, host }) => {
    const { candidates } = await import('../completion/candidates.ts')
    const asked = askedKinds.find((each) => each === kind) ?? 'image'
    const words = await candidates(asked, word, { host, context: await context() })
    return { json: { words }, kind: 'document', text: () => words.map((each) => `${each}\n`).join('') }
  },
}
