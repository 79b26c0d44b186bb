import { addEvidenceOption, evidencePolicy } from '../../options/evidence-option.ts'
import { localImage } from '../../options/image-argument.ts'
import { namedImage } from '../../options/named-image.ts'
import { argument } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { copyText } from '../../report/copy.ts'
import { formatDuration } from '../../report/quantity.ts'

export const command: CommandDefinition = {
  name: 'pull',
  summary: 'fetch an image: "copy" from a registry to a folder or archive',
  quietable: true,
  configure: (command) => {
    command
      .argument('<ref>', 'HOST/NAME[:TAG][@DIGEST]')
      .argument('[target]', 'folder of a layout, oci-archive:FILE or docker-archive:FILE (default: out/NAME)')
    addEvidenceOption(command)
  },
  examples: [
    { command: 'temper pull registry.example/team/nginx:1.26', does: 'into out/nginx' },
    {
      command: 'temper pull registry.example/team/nginx:1.26 docker-archive:nginx.tar',
      does: 'a file for "docker load"',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const started = host.now().getTime()
    const { copyImage } = await import('../../../flows/image/copy.ts')
    const from = await namedImage(argument(args, 0), { host, say })
    const name = from.kind === 'registry' ? (from.repository.split('/').at(-1) ?? '') : 'image'
    const to = localImage(args[1] ?? `out/${name}`)
    const result = await copyImage({ from, to, evidence: evidencePolicy(options) }, await context())
    const milliseconds = host.now().getTime() - started
    return {
      json: { ...result, milliseconds },
      text: (style) => copyText(result, { verb: 'pulled', duration: formatDuration(milliseconds), style }),
    }
  },
}
