import { Argument, Option } from 'commander'
import { textOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { facts } from '../report/table.ts'

export const command: CommandDefinition = {
  name: 'keys',
  quietable: true,
  summary: 'make a key pair to sign with',
  configure: (command) => {
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['generate']))
      .option('-o, --output <prefix>', 'write PREFIX.key and PREFIX.pub', 'temper')
      .addOption(
        new Option('--algorithm <name>', 'kind of key; cosign and most others take ECDSA')
          .choices(['ecdsa-p256', 'ed25519'])
          .default('ecdsa-p256'),
      )
  },
  examples: [
    {
      command: 'temper keys generate',
      does: 'asks for a password, unless TEMPER_KEY_PASSWORD or COSIGN_PASSWORD is set',
    },
    { command: 'temper keys generate -o cosign', does: 'the files that cosign looks for' },
  ],
  run: async ({ options, context, host }) => {
    const [{ generateKeyFiles }, { newKeyPassword }] = await Promise.all([
      import('../../flows/trust/generate-keys.ts'),
      import('../options/key-password.ts'),
    ])
    const result = await generateKeyFiles(
      {
        prefix: textOption(options, 'output') ?? 'temper',
        algorithm: textOption(options, 'algorithm') === 'ed25519' ? 'ed25519' : 'ecdsa-p256',
        password: () => newKeyPassword(host),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) =>
        `${style.good('✓')} made a key pair\n${facts([
          ['private', `${result.privateKey} (encrypted; keep it where only the signer can read it)`],
          ['public', `${result.publicKey} (give it to everyone who verifies)`],
          ['id', result.id],
        ])}`,
    }
  },
}
