import { exitCodes } from '../../base/error.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { imageForms } from '../options/image-argument.ts'
import { namedImage } from '../options/named-image.ts'
import { argument, flagOption, textOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { imageDiffPieces } from '../report/image-diff.ts'

export const command: CommandDefinition = {
  name: 'diff',
  summary: 'compare two images: packages, files, configuration, size, layers, vulnerabilities',
  configure: (command) => {
    command
      .argument('<old>', imageForms)
      .argument('<new>', 'the same')
      .option('--platform <platform>', 'of this platform of images for several')
      .option(
        '--feeds <path>',
        'advisories to compare vulnerabilities with (default: those in the cache, if any)',
      )
  },
  examples: [
    {
      command: 'temper diff registry.example/nginx:1.26 oci:out/nginx',
      does: 'before publishing; exit code 1 if packages, files or configuration differ',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const { diffImages } = await import('../../flows/image/diff.ts')
    const [platform, feeds] = [textOption(options, 'platform'), textOption(options, 'feeds')]
    const diff = await diffImages(
      {
        old: await namedImage(argument(args, 0), { host, say }),
        young: await namedImage(argument(args, 1), { host, say }),
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
        ...(feeds === undefined ? {} : { feeds }),
      },
      await context(),
    )
    const verbose = flagOption(options, 'verbose')
    return {
      json: { ...diff },
      text: (style) => imageDiffPieces(diff, { style, verbose }),
      exitCode: diff.equal ? exitCodes.ok : exitCodes.refused,
    }
  },
}
