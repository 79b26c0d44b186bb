import { exitCodes } from '../../base/error.ts'
import { imageForms, signingKeyForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, textOption } from '../options/option.ts'
import { addServiceOptions, signingKey } from '../options/signing-option.ts'
import { addTrustOptions, trustRequest } from '../options/trust-option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { rebuildText } from '../report/rebuild.ts'

export const command: CommandDefinition = {
  name: 'rebuild',
  quietable: true,
  summary: 'rebuild an image from its provenance and compare; exit code 0 equal, 1 different',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option('--attest <key>', `sign and attach the result: ${signingKeyForms}`)
    addTrustOptions(command)
    addServiceOptions(command)
  },
  examples: [
    {
      command: 'temper rebuild registry.example/team/nginx:1.26',
      does: 'equal digests prove where every byte came from, whoever published the image',
    },
    {
      command: 'temper rebuild registry.example/team/nginx:1.26 --attest verifier.key',
      does: 'others need not rebuild it: the signed summary says that you did',
    },
    {
      command: "temper rebuild --json oci:out/nginx | jq '.differences'",
      does: 'which files differ, and where',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const { rebuild } = await import('../../flows/rebuild/rebuild.ts')
    const key = textOption(options, 'attest')
    const request = {
      ...trustRequest(options, host),
      reference: await namedImage(argument(args, 0), { host, say }),
      ...(key === undefined ? {} : { attest: signingKey(options, host, key) }),
    }
    const result = await rebuild(request, await context())
    return {
      json: { ...result },
      text: (style) => rebuildText(result, style),
      exitCode: result.equal ? exitCodes.ok : exitCodes.refused,
    }
  },
}
