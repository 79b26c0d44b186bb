import { readableJson } from '../../base/json/canonical-json.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, textOption } from '../options/option.ts'
import { addTrustOptions, trustRequest } from '../options/trust-option.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'provenance',
  summary: 'print how an image was built, as an in-toto statement with SLSA provenance',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option('--platform <platform>', 'use this platform of an image for several')
      .option('--predicate', 'print the provenance without the statement around it')
    addTrustOptions(command)
  },
  examples: [
    { command: 'temper provenance oci:out/nginx', does: 'recipe, packages with their digests, effects' },
    {
      command: "temper provenance oci:out/nginx | jq '.predicate.buildDefinition.resolvedDependencies[].uri'",
      does: 'everything that went into it',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const { provenance } = await import('../../flows/evidence/provenance.ts')
    const platform = textOption(options, 'platform')
    const world = await context()
    const attached = await provenance(
      {
        reference: await namedImage(argument(args, 0), { host, say }),
        ...trustRequest(options, host),
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
      },
      world,
    )
    if (!attached.verified)
      world.progress.note('Nobody vouches for this provenance: no trusted key or identity was named.')
    const document = flagOption(options, 'predicate')
      ? (attached.statement.predicate ?? {})
      : { ...attached.statement }
    return { json: document, text: () => readableJson(document), kind: 'document' }
  },
}
