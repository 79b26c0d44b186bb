import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument } from '../options/option.ts'
import { addTrustOptions, trustRequest } from '../options/trust-option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { evidenceText } from '../report/evidence.ts'

export const command: CommandDefinition = {
  name: 'evidence',
  summary: 'list what is attached to an image, who signed it and whether it verifies',
  configure: (command) => {
    command.argument('<ref>', imageForms)
    addTrustOptions(command)
  },
  examples: [
    { command: 'temper evidence oci:out/nginx', does: 'what "temper build nginx" attached' },
    {
      command:
        "temper evidence --json registry.example/team/nginx:1.26 --key temper.pub | jq '.evidence[] | select(.verified).type'",
      does: 'the types of evidence that the key vouches for',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const { listEvidence } = await import('../../flows/evidence/list.ts')
    const list = await listEvidence(
      { reference: await namedImage(argument(args, 0), { host, say }), ...trustRequest(options, host) },
      await context(),
    )
    return { json: { ...list }, text: (style) => evidenceText(list, style) }
  },
}
