import { Option } from 'commander'
import { type LockdownTarget, lockdownTargets } from '../../../flows/lockdown/target.ts'
import { parseImagePlatform } from '../../../model/platform.ts'
import { imageForms } from '../../options/image-argument.ts'
import { namedImage } from '../../options/named-image.ts'
import { argument, flagOption, textOption } from '../../options/option.ts'
import { addSigningOptions, signingKey } from '../../options/signing-option.ts'
import type { CommandDefinition } from '../../program/command.ts'

export const command: CommandDefinition = {
  name: 'lockdown',
  summary:
    'print how to run an image locked down (user, read-only root, writable folders, ports), for Kubernetes, Docker or Compose',
  configure: (command) => {
    command
      .argument('<ref>', imageForms)
      .addOption(
        new Option('--for <target>', 'what runs it').choices([...lockdownTargets]).default('kubernetes'),
      )
      .option('--as <name>', 'name of the image where it runs: HOST/REPOSITORY')
      .option('--platform <platform>', 'look at this platform of an image for several (default: all of them)')
      .option('--attach', 'sign it and attach it to the image, for whoever runs it')
    addSigningOptions(command)
  },
  examples: [
    {
      command: 'temper lockdown registry.example/team/nginx:1.26 --for kubernetes > nginx.yaml',
      does: 'a Deployment with the security context, the writable folders, and a NetworkPolicy',
    },
    { command: 'temper lockdown oci:out/nginx --for docker', does: 'one line for a shell' },
    {
      command: 'temper lockdown oci:out/nginx --for compose --as registry.example/team/nginx',
      does: 'a service of a Compose file',
    },
    {
      command: 'temper lockdown registry.example/team/nginx:1.26 --attach --key temper.key > signed.yaml',
      does: 'the image carries it along, signed',
    },
  ],
  run: async ({ args, options, context, host, say }) => {
    const [platform, name] = [textOption(options, 'platform'), textOption(options, 'as')]
    const { lockdown } = await import('../../../flows/lockdown/lockdown.ts')
    const result = await lockdown(
      {
        reference: await namedImage(argument(args, 0), { host, say }),
        target: textOption(options, 'for') as LockdownTarget,
        ...(platform === undefined ? {} : { platform: parseImagePlatform(platform) }),
        ...(name === undefined ? {} : { name }),
        ...(flagOption(options, 'attach') ? { signer: signingKey(options, host) } : {}),
      },
      await context(),
    )
    if (result.attached !== undefined) say(`attached as ${result.attached}`)
    // A line has no room for what a reader has to know.
    if (result.target === 'docker') for (const note of result.lockdown.notes) say(note)
    return { json: { ...result }, text: () => result.text, kind: 'document' }
  },
}
