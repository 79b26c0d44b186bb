import type { CopyResult } from '../../flows/image/copy.ts'
import { parseReference } from '../../oci/reference.ts'
import { addEvidenceOption, evidencePolicy } from '../options/evidence-option.ts'
import { argument, flagOption } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'
import { formatDuration } from '../report/quantity.ts'
import { refusedText } from '../report/refused.ts'
import { facts } from '../report/table.ts'
import type { Style } from '../style.ts'

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
  },
  examples: [
    { command: 'temper copy oci:out/nginx registry.example/team/nginx:1.26', does: 'publish what was built' },
    {
      command: 'temper copy registry.example/team/nginx:1.26 oci-archive:nginx.tar',
      does: 'take an image along as a file',
    },
    {
      command: 'temper copy --evidence try oci:out/nginx quay.example/team/nginx:1.26',
      does: 'to a registry that takes nothing but images',
    },
  ],
  run: async ({ args, options, context, host }) => {
    const started = host.now().getTime()
    const { copyImage } = await import('../../flows/image/copy.ts')
    const result = await copyImage(
      {
        from: parseReference(argument(args, 0)),
        to: parseReference(argument(args, 1)),
        evidence: evidencePolicy(options),
      },
      await context(),
    )
    const milliseconds = host.now().getTime() - started
    const verbose = flagOption(options, 'verbose') ? ` from ${result.from}` : ''
    return {
      json: { ...result, milliseconds },
      text: (style) => copyText(result, { verbose, duration: formatDuration(milliseconds), style }),
    }
  },
}

function copyText(
  { reference, digest, refused }: CopyResult,
  {
    verbose,
    duration,
    style,
  }: { readonly verbose: string; readonly duration: string; readonly style: Style },
): string {
  const mark = refused.length === 0 ? style.good('✓') : style.warn('!')
  const head = `${mark} copied${verbose} to ${reference} in ${duration}${style.warn(refusedText(refused))}\n`
  return (
    head +
    facts([
      ['digest', style.bold(digest)],
      ...refused.map(({ type, reason }): [string, string] => ['refused', `${type}: ${reason}`]),
    ])
  )
}
