import type { Host } from '../../host.ts'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { loadServer, serviceSettings } from './module.ts'

export const command: CommandDefinition = {
  name: 'serve',
  summary: 'run a factory of images and their registry, until it is stopped',
  configure: (command) => {
    command
      .option('--port <number>', 'port to listen on; 0 for any that is free (default: 8080)')
      .option('--host <address>', 'address to listen on (default: 127.0.0.1, which is this machine alone)')
      .option('--data <folder>', 'where everything is kept (default: temper-data)')
      .option('--policy <name>', 'what refuses images before they get a tag: a packaged policy or a file')
      .option(
        '--feeds <folder>',
        'feeds that images are held against, watched (default: those of this machine)',
      )
      .option('--recipes <folder>', 'recipes whose images are built and kept repaired; watched')
      .option('--database <address>', 'a PostgreSQL server (default: an embedded one in the data folder)')
      .option('--registry <address>', 'registry that images are published to (default: its own)')
      .option(
        '--promote <when>',
        'when candidates become stable: at-once, by-hand, or after so many hours (default: at-once)',
      )
      .option('--build-on <place>', 'where builds run: here, or with workers that join (default: here)')
      .option('--no-factory', 'be a registry alone: no database, no builds')
      .option('--known-as <host>', "host that clients know it by, for the policy's patterns")
      .addHelpText(
        'after',
        '\nPrints one line of JSON when it answers: the address and, the first time, the token of the first' +
          '\nadministrator, which is told once. Clients log in with any user name and a token as the password.' +
          '\nWhat has no option is set below "service" in the configuration file: quotas, tags that stay, and more.',
      )
  },
  examples: [
    {
      command: 'temper serve --data factory --recipes recipes',
      does: 'builds the images of all recipes in a folder, and keeps them repaired',
    },
    {
      command: 'temper serve --data factory --policy hardened',
      does: 'the same with recipes that are sent to it; images that are not hardened get no tag',
    },
    { command: 'temper serve --port 5000 --data registry --no-factory', does: 'a registry alone' },
  ],
  // Uploads that have begun may end.
  stopsWithin: 30_000,
  run: async (invocation) => {
    const { options, host, context } = invocation
    const module = await loadServer()
    const [port, address] = [textOption(options, 'port'), textOption(options, 'host')]
    const settings = await serviceSettings(invocation, module, {
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(address === undefined ? {} : { host: address }),
      log: 'stderr',
    })
    const server = await module.serve(settings, await context())
    const { url, token } = server
    host.stdout.write(`${JSON.stringify({ url, ...(token === undefined ? {} : { token }) })}\n`)
    await stopped(host)
    await server.close()
    return { json: { stopped: url }, text: () => '', kind: 'summary' }
  },
}

function stopped({ signal }: Host): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
