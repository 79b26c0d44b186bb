import { attest } from '../../flows/evidence/attest.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, textOption } from '../options/option.ts'
import { addSigningOptions, signingKey } from '../options/signing-option.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'attest',
  summary: 'sign a statement about an image and attach it',
  quietable: true,
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .requiredOption(
        '--type <type>',
        'spdxjson, cyclonedx, slsaprovenance1, openvex, vuln, custom…, or the address of a predicate type',
      )
      .requiredOption('--predicate <file>', 'the predicate: a file with a JSON object')
      .option('--as <name>', 'name of the image in the statement (default: its reference in the registry)')
      .option('--platform <platform>', 'attach it to this platform of an image for several')
      .option(
        '--older-scheme',
        "write cosign's older attestations, under a tag sha256-….att, for old verifiers",
      )
    addSigningOptions(command)
  },
  examples: [
    {
      command:
        'temper attest registry.example/team/nginx:1.26 --type openvex --predicate vex.json --key temper.key',
      does: 'anyone with temper.pub can verify that the VEX is yours',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const signer = signingKey(options, host)
    const name = textOption(options, 'as')
    const platform = textOption(options, 'platform')
    const result = await attest(
      {
        ...signer,
        reference: await namedImage(argument(args, 0), { host, say }),
        type: textOption(options, 'type') ?? '',
        predicate: textOption(options, 'predicate') ?? '',
        scheme: flagOption(options, 'olderScheme') ? 'tags' : 'referrers',
        ...(name === undefined ? {} : { name }),
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) =>
        `${style.good('✓')} attached to ${result.reference}\n  image   ${result.subject}\n  type    ${result.type}\n  digest  ${style.bold(result.digest)}\n  signer  ${result.signer}\n`,
    }
  },
}
