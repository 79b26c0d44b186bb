import { TemperError } from '../../../base/error.ts'
import { helperEnvironment, loginFile } from '../../credentials.ts'
import type { Host } from '../../host.ts'
import { argument, flagOption, textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'

/** Most bytes of a password from standard input. */
const passwordLimit = 65_536

export const command: CommandDefinition = {
  name: 'login',
  summary: 'log in to a registry, also for docker, podman and similar tools',
  quietable: true,
  configure: (command) => {
    command
      .argument('<registry>', 'host with or without port; docker.io for Docker Hub')
      .option('-u, --username <name>', 'user name')
      .option('--password-stdin', 'read the password or token from standard input')
  },
  examples: [
    { command: 'temper login -u me registry.example', does: 'asks for the password' },
    {
      command: 'echo "$TOKEN" | temper login -u ci --password-stdin registry.example',
      does: 'in a pipeline',
    },
  ],
  run: async ({ args, options, context, host }) => {
    const registry = argument(args, 0)
    const [{ login, assertRegistry }, { storeCredentials }] = await Promise.all([
      import('../../../flows/image/login.ts'),
      import('../../../oci/registry/login.ts'),
    ])
    assertRegistry(registry)
    const username = textOption(options, 'username') ?? ''
    if (username === '')
      throw new TemperError('bad-usage', 'Expected a user name', {
        hint: 'Write: temper login -u NAME REGISTRY',
      })
    const password = await passwordFrom(host, flagOption(options, 'passwordStdin'))
    const credentials = { kind: 'password', username, password } as const
    await login(registry, credentials, await context())
    const file = loginFile(host.env)
    await storeCredentials(file, { registry, credentials }, { environment: helperEnvironment(host.env) })
    return {
      json: { registry, username, file },
      text: (style) =>
        `${style.good('✓')} logged in to ${registry} as ${username}; stored as configured in ${file}\n`,
    }
  },
}

async function passwordFrom(host: Host, fromInput: boolean): Promise<string> {
  const text = fromInput
    ? Buffer.from(await host.readInput(passwordLimit))
        .toString('utf8')
        .replace(/\r?\n$/, '')
    : await host.askSecret('Password: ')
  if (text) return text
  throw new TemperError('bad-usage', 'A password is needed, but none was given', {
    hint: 'Pipe it to the command with --password-stdin.',
  })
}
