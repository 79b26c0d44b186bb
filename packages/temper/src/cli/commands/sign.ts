import type { CommandDefinition } from '../command.ts'
import { imageForms, signingKeyForms } from '../image-argument.ts'
import { argument, flagOption, textOption } from '../option.ts'

export const command: CommandDefinition = {
  name: 'sign',
  summary: 'sign an image, and each platform of an image for several',
  quietable: true,
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .requiredOption('--key <key>', signingKeyForms)
      .option(
        '--older-scheme',
        "write cosign's older signatures, under a tag sha256-….sig, for old verifiers",
      )
  },
  examples: [
    {
      command: 'temper sign registry.example/team/nginx:1.26 --key temper.key',
      does: 'attaches a Sigstore bundle that cosign and temper verify with temper.pub',
    },
    {
      command: 'temper sign oci:out/nginx --key "command:/usr/local/bin/sign-with-kms release"',
      does: 'the key stays in a key service',
    },
  ],
  run: async ({ args, options, context, host }) => {
    const [{ sign }, { keyPassword }] = await Promise.all([
      import('../../flows/sign.ts'),
      import('../key-password.ts'),
    ])
    const request = {
      reference: argument(args, 0),
      key: textOption(options, 'key') ?? '',
      password: () => keyPassword(host),
      scheme: flagOption(options, 'olderScheme') ? 'tags' : 'referrers',
    } as const
    const result = await sign(request, await context())
    return {
      json: { ...result },
      text: (style) => {
        const lines = result.signatures.map(
          ({ subject, platform, existing }) =>
            `  ${existing ? 'signed before' : 'signed'}  ${subject}${platform === undefined ? '' : `  ${platform}`}\n`,
        )
        return `${style.good('✓')} ${result.reference}\n${lines.join('')}  key     ${result.signer}\n`
      },
    }
  },
}
