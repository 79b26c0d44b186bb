import { credentialFiles, helperEnvironment } from '../../credentials.ts'
import { argument } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'

export const command: CommandDefinition = {
  name: 'logout',
  summary: 'remove the credentials of a registry from every file that Temper reads',
  quietable: true,
  configure: (command) => {
    command.argument('<registry>', 'host with or without port; docker.io for Docker Hub')
  },
  examples: [{ command: 'temper logout registry.example', does: 'docker and podman are logged out too' }],
  run: async ({ args, host }) => {
    const registry = argument(args, 0)
    const [{ removeCredentials }, { assertRegistry }] = await Promise.all([
      import('../../../oci/registry/login.ts'),
      import('../../../flows/image/login.ts'),
    ])
    assertRegistry(registry)
    const files: string[] = []
    const options = { environment: helperEnvironment(host.env) }
    for (const file of credentialFiles(host.env))
      if (await removeCredentials(file, registry, options)) files.push(file)
    return {
      json: { registry, files },
      text: (style) =>
        files.length === 0
          ? `There was no login for ${registry}\n`
          : `${style.good('✓')} logged out of ${registry}: ${files.join(', ')}\n`,
    }
  },
}
