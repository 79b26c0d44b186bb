import type { CopyResult } from '../../../flows/image/copy.ts'
import { addEvidenceOption, evidencePolicy } from '../../options/evidence-option.ts'
import { localSource } from '../../options/image-argument.ts'
import { writtenImage } from '../../options/named-image.ts'
import { argument } from '../../options/option.ts'
import { addPolicyOption, publishingPolicy } from '../../options/policy-option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { copyText } from '../../report/copy.ts'
import { formatDuration } from '../../report/quantity.ts'

export const command: CommandDefinition = {
  name: 'push',
  summary: 'publish a built image: "copy" from a folder or archive to registries',
  quietable: true,
  configure: (command) => {
    command
      .argument('<image>', 'folder of a layout (out/NAME), oci-archive:FILE or docker-archive:FILE')
      .argument('<ref...>', 'HOST/NAME[:TAG]; each tag is set after everything else is there')
    addEvidenceOption(command)
    addPolicyOption(command).option(
      '--feeds <path>',
      'with --policy: advisories (default: those in the cache)',
    )
  },
  examples: [
    { command: 'temper push out/nginx registry.example/team/nginx:1.26', does: 'publish what was built' },
    {
      command: 'temper push out/nginx registry.example/nginx:1 registry.example/nginx:1.26',
      does: 'under two tags',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const started = host.now().getTime()
    const { copyImage } = await import('../../../flows/image/copy.ts')
    const [image, ...targets] = args
    const from = await localSource(image ?? argument(args, 0), { host, say })
    const gate = await publishingPolicy(options, host)
    const pushed: CopyResult[] = []
    for (const to of targets)
      if (to !== undefined)
        pushed.push(
          await copyImage(
            { from, to: writtenImage(to), evidence: evidencePolicy(options), ...gate },
            await context(),
          ),
        )
    const duration = formatDuration(host.now().getTime() - started)
    return {
      json: { pushed },
      text: (style) => pushed.map((each) => copyText(each, { verb: 'pushed', duration, style })).join(''),
    }
  },
}
