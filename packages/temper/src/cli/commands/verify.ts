import { exitCodes } from '../../base/error.ts'
import type { CommandDefinition } from '../command.ts'
import { imageForms } from '../image-argument.ts'
import { argument, gather, listOption } from '../option.ts'
import { verificationText } from '../report/evidence.ts'

export const command: CommandDefinition = {
  name: 'verify',
  summary: 'tell whether a key that you trust vouches for an image; exit code 0 yes, 1 no',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .requiredOption('--key <file>', 'public key to trust; may be given several times', gather)
      .option(
        '--require <type>',
        'type of statement that has to be signed (spdx, cyclonedx, provenance, openvex, signature…, or an address); may be given several times; default: signature',
        gather,
      )
  },
  examples: [
    {
      command: 'temper verify registry.example/team/nginx:1.26 --key temper.pub',
      does: 'also verifies what cosign signed, in its new and its older format',
    },
    {
      command: 'temper verify oci:out/nginx --key temper.pub --require signature,spdx,provenance',
      does: 'all three have to be signed; one for each platform counts as one for the image',
    },
  ],
  run: async ({ args, options, context }) => {
    const { verify } = await import('../../flows/verify.ts')
    const result = await verify(
      {
        reference: argument(args, 0),
        keys: listOption(options, 'key'),
        require: listOption(options, 'require'),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) => verificationText(result, style),
      exitCode: result.verified ? exitCodes.ok : exitCodes.refused,
    }
  },
}
