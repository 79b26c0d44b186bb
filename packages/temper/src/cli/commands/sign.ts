import { sign } from '../../flows/evidence/sign.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, textOption } from '../options/option.ts'
import { addSigningOptions, signingKey } from '../options/signing-option.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'sign',
  summary: 'sign an image, and each platform of an image for several',
  quietable: true,
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option('--as <name>', 'name of the image in the signature (default: its reference in the registry)')
      .option(
        '--older-scheme',
        "write cosign's older signatures, under a tag sha256-….sig, for old verifiers",
      )
    addSigningOptions(command)
  },
  examples: [
    {
      command: 'temper sign registry.example/team/nginx:1.26 --key temper.key',
      does: 'attaches a Sigstore bundle that cosign and temper verify with temper.pub',
    },
    {
      command: 'temper sign oci:out/nginx --key "command:./sign-with-kms release"',
      does: 'the key stays in a key service',
    },
    {
      command: 'temper sign registry.example/team/nginx:1.26 --keyless',
      does: 'in CI: signed as this workflow, with a certificate, a log entry and a timestamp',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const name = textOption(options, 'as')
    const request = {
      ...signingKey(options, host),
      reference: await namedImage(argument(args, 0), { host, say }),
      scheme: flagOption(options, 'olderScheme') ? 'tags' : 'referrers',
      ...(name === undefined ? {} : { name }),
    } as const
    const result = await sign(request, await context())
    return {
      json: { ...result },
      text: (style) => {
        const lines = result.signatures.map(
          ({ subject, platform, existing }) =>
            `  ${existing ? 'signed before' : 'signed'}  ${subject}${platform === undefined ? '' : `  ${platform}`}\n`,
        )
        return `${style.good('✓')} ${result.reference}\n${lines.join('')}  signer  ${result.signer}\n`
      },
    }
  },
}
