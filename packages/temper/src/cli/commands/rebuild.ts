import { exitCodes } from '../../base/error.ts'
import type { CommandDefinition } from '../command.ts'
import { imageForms } from '../image-argument.ts'
import { argument, gather, listOption } from '../option.ts'
import { rebuildText } from '../report/rebuild.ts'

export const command: CommandDefinition = {
  name: 'rebuild',
  summary: 'build an image again from its provenance and compare; exit code 0 equal, 1 not',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option(
        '--key <file>',
        'public key to trust: only provenance that it signed is followed; may be given several times',
        gather,
      )
  },
  examples: [
    {
      command: 'temper rebuild registry.example/team/nginx:1.26',
      does: 'equal digests prove where every byte came from, whoever published the image',
    },
    {
      command: "temper rebuild --json oci:out/nginx | jq '.differences'",
      does: 'which files differ, and where',
    },
  ],
  run: async ({ args, options, context }) => {
    const { rebuild } = await import('../../flows/rebuild.ts')
    const request = { reference: argument(args, 0), keys: listOption(options, 'key') }
    const result = await rebuild(request, await context())
    return {
      json: { ...result },
      text: (style) => rebuildText(result, style),
      exitCode: result.equal ? exitCodes.ok : exitCodes.refused,
    }
  },
}
