import { parsePlatform } from '../../model/platform.ts'
import type { CommandDefinition } from '../command.ts'
import { imageForms, signingKeyForms } from '../image-argument.ts'
import { argument, flagOption, textOption } from '../option.ts'

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
      .requiredOption('--predicate <file>', 'what is stated: a JSON object')
      .requiredOption('--key <key>', signingKeyForms)
      .option('--platform <platform>', 'attach it to this platform of an image for several')
      .option(
        '--older-scheme',
        "write cosign's older attestations, under a tag sha256-….att, for old verifiers",
      )
  },
  examples: [
    {
      command:
        'temper attest registry.example/team/nginx:1.26 --type openvex --predicate vex.json --key temper.key',
      does: 'anyone with temper.pub can tell that the VEX is yours',
    },
  ],
  run: async ({ args, options, context, host }) => {
    const [{ attest }, { keyPassword }] = await Promise.all([
      import('../../flows/attest.ts'),
      import('../key-password.ts'),
    ])
    const platform = textOption(options, 'platform')
    const result = await attest(
      {
        reference: argument(args, 0),
        type: textOption(options, 'type') ?? '',
        predicate: textOption(options, 'predicate') ?? '',
        key: textOption(options, 'key') ?? '',
        password: () => keyPassword(host),
        scheme: flagOption(options, 'olderScheme') ? 'tags' : 'referrers',
        ...(platform === undefined ? {} : { platform: parsePlatform(platform) }),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) =>
        `${style.good('✓')} attached to ${result.reference}\n  image   ${result.subject}\n  type    ${result.type}\n  digest  ${style.bold(result.digest)}\n  key     ${result.signer}\n`,
    }
  },
}
