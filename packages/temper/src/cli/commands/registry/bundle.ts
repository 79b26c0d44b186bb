import { TemperError } from '../../../base/error.ts'
import { imageForms } from '../../options/image-argument.ts'
import { namedImage } from '../../options/named-image.ts'
import { flagOption, textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { formatBytes } from '../../report/quantity.ts'

export const command: CommandDefinition = {
  name: 'bundle',
  quietable: true,
  summary:
    'pack images, evidence, advisories, trust and a policy into one file, for places without a network',
  configure: (command) => {
    command
      .argument('<ref...>', imageForms)
      .option('-o, --output <file>', 'the file to write')
      .option(
        '--feeds <path>',
        'advisories: a store of feeds or an exported file (default: those in the cache)',
      )
      .option('--no-feeds', 'without advisories')
      .option('--trust <file>', 'trust file to include, with the keys and the trusted root that it names')
      .option('--trusted-root <file>', 'services to trust about identities and times')
      .option('--policy <policy>', 'policy to include: a packaged one, or a file with those that it extends')
  },
  examples: [
    {
      command: 'temper bundle registry.example/team/nginx:1.26 registry.example/team/web:1 -o release.bundle',
      does: 'two images with everything attached to them, and the advisories of today',
    },
    {
      command: 'temper bundle oci:out/nginx --policy hardened -o nginx.bundle',
      does: 'verify, scan, gate and copy read it: temper gate nginx --bundle nginx.bundle@sha256:…',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const output = textOption(options, 'output')
    if (output === undefined)
      throw new TemperError('bad-usage', 'bundle: expected the file to write', { hint: 'Add -o FILE.' })
    const images = []
    for (const text of args) if (text !== undefined) images.push(await namedImage(text, { host, say }))
    const text = (name: string) => textOption(options, name)
    const [trust, trustedRoot, policy] = [text('trust'), text('trustedRoot'), text('policy')]
    const feeds = options['feeds'] === false ? false : text('feeds')
    const { writeBundle } = await import('../../../flows/bundle/write.ts')
    const result = await writeBundle(
      {
        images,
        output,
        ...(feeds === undefined ? {} : { feeds }),
        ...(trust === undefined ? {} : { trust }),
        ...(trustedRoot === undefined ? {} : { trustedRoot }),
        ...(policy === undefined ? {} : { policy }),
      },
      await context(),
    )
    return {
      json: { ...result },
      text: (style) =>
        [
          `${style.good('✓')} ${style.bold(output)}: ${result.images.length} ${result.images.length === 1 ? 'image' : 'images'}, ${formatBytes(result.size)}`,
          ...result.images.map(({ name, digest }) => `  ${name}  ${digest}`),
          ...(flagOption(options, 'verbose') ? result.parts.map((part) => `  ${part}`) : []),
          `  digest  ${style.bold(result.digest)}`,
          `  read it with: --bundle ${output}@${result.digest}`,
          '',
        ].join('\n'),
    }
  },
}
