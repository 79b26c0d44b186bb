import { addBundleOption, withBundle } from '../options/bundle-option.ts'
import { addEvidenceOption, evidencePolicy } from '../options/evidence-option.ts'
import { namedImage, writtenImage } from '../options/named-image.ts'
import { argument, flagOption } from '../options/option.ts'
import { addPolicyOption, publishingPolicy } from '../options/policy-option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { copyText } from '../report/copy.ts'
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
    addEvidenceOption(command).option('--no-referrers', 'the same as "--evidence none"')
    addBundleOption(command)
    addPolicyOption(command).option(
      '--feeds <path>',
      'with --policy: advisories (default: those in the cache)',
    )
  },
  examples: [
    { command: 'temper copy oci:out/nginx registry.example/team/nginx:1.26', does: 'publish what was built' },
    {
      command: 'temper copy registry.example/team/nginx:1.26 oci-archive:nginx.tar',
      does: 'save an image as a file',
    },
    {
      command: 'temper copy oci:out/nginx registry.example/team/nginx:1.26 --policy baseline',
      does: 'publish it if the policy allows it; otherwise the tag stays where it is',
    },
    {
      command: 'temper copy --evidence try oci:out/nginx quay.example/team/nginx:1.26',
      does: 'to a registry that accepts only images',
    },
  ],
  run: async (invocation) => {
    const { args, options, context, host, say } = await withBundle(invocation, { copies: true })
    const started = host.now().getTime()
    const { copyImage } = await import('../../flows/image/copy.ts')
    const result = await copyImage(
      {
        from: await namedImage(argument(args, 0), { host, say }),
        to: writtenImage(argument(args, 1)),
        evidence: evidencePolicy(options),
        ...(await publishingPolicy(options, host)),
      },
      await context(),
    )
    const milliseconds = host.now().getTime() - started
    const verb = flagOption(options, 'verbose') ? `copied from ${result.from}` : 'copied'
    return {
      json: { ...result, milliseconds },
      text: (style) => copyText(result, { verb, duration: formatDuration(milliseconds), style }),
    }
  },
}
