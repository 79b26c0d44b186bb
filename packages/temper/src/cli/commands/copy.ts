import { argument, flagOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { formatDuration } from '../report/quantity.ts'

const forms = 'oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or HOST/NAME[:TAG][@DIGEST]'

export const command: CommandDefinition = {
  name: 'copy',
  summary: 'copy an image between folders, archives and registries',
  quietable: true,
  configure: (command) => {
    command
      .argument('<from>', forms)
      .argument('<to>', 'the same; a tag that exists is moved when everything else is there')
      .option('--no-referrers', 'leave out what is attached to the image: signatures, SBOMs')
  },
  examples: [
    { command: 'temper copy oci:out/nginx registry.example/team/nginx:1.26', does: 'publish what was built' },
    {
      command: 'temper copy registry.example/team/nginx:1.26 oci-archive:nginx.tar',
      does: 'take an image along as a file',
    },
  ],
  run: async ({ args, options, context, host }) => {
    const started = host.now().getTime()
    const { copyImage } = await import('../../flows/image/copy.ts')
    const result = await copyImage(
      { from: argument(args, 0), to: argument(args, 1), referrers: options['referrers'] !== false },
      await context(),
    )
    const milliseconds = host.now().getTime() - started
    const verbose = flagOption(options, 'verbose') ? ` from ${result.from}` : ''
    return {
      json: { ...result, milliseconds },
      text: (style) =>
        `${style.good('✓')} copied${verbose} to ${result.reference} in ${formatDuration(milliseconds)}\n  digest  ${style.bold(result.digest)}\n`,
    }
  },
}
