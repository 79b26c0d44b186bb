import { parseImagePlatform } from '../../model/platform.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, textOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { inspectText } from '../report/inspect.ts'

export const command: CommandDefinition = {
  name: 'inspect',
  summary: 'show what an image is: configuration, layers, history, packages, annotations',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .option('--platform <platform>', 'only this platform of an image for several')
      .option('--no-packages', 'do not read the layers for the list of packages')
  },
  examples: [
    { command: 'temper inspect oci:out/nginx', does: 'what "temper build nginx" wrote' },
    {
      command: 'temper inspect registry.example/team/nginx:1.26 --no-packages',
      does: 'reads only manifest and configuration',
    },
    { command: "temper inspect --json oci:out/nginx | jq '.images[].packages[].name'", does: 'for scripts' },
  ],
  run: async ({ args, options, context, host, say }) => {
    const platform = textOption(options, 'platform')
    const { inspect } = await import('../../flows/image/inspect.ts')
    const inspection = await inspect(
      {
        reference: await namedImage(argument(args, 0), { host, say }),
        packages: options['packages'] !== false,
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
      },
      await context(),
    )
    const verbose = flagOption(options, 'verbose')
    return { json: { ...inspection }, text: (style) => inspectText(inspection, { style, verbose }) }
  },
}
