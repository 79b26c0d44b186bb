import type { Host } from '../../host.ts'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { loadServer, serviceSettings } from './module.ts'

export const command: CommandDefinition = {
  name: 'serve',
  summary: 'run a factory of images and their registry, until it is stopped',
  configure: (command) => {
    command
      .option('--port <number>', 'port to listen on; 0 for any free port (default: 8080)')
      .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine alone)')
      .option('--data <folder>', 'data folder (default: temper-data)')
      .option('--policy <name>', 'policy that refuses images before they get a tag: a packaged one or a file')
      .option(
        '--feeds <folder>',
        'feeds that images are checked against; watched (default: those of this machine)',
      )
      .option('--recipes <folder>', 'folder of recipes whose images are built and kept repaired; watched')
      .option('--database <address>', 'a PostgreSQL server (default: an embedded one in the data folder)')
      .option('--registry <address>', 'registry that images are published to (default: its own)')
      .option(
        '--promote <when>',
        'when candidates become stable: at-once, by-hand, or after this many hours (default: at-once)',
      )
      .option('--build-on <place>', 'where builds run: here, or on workers that connect (default: here)')
      .option('--no-factory', 'run only a registry: no database, no builds')
      .option('--known-as <host>', "host name that clients use for it, for the policy's patterns")
      .addHelpText(
        'after',
        '\nWhen ready it prints one line of JSON: the address and, the first time, the token of the first' +
          '\nadministrator, which is shown only once. Clients log in with any user name and a token as the password.' +
          '\nQuotas, immutable tags and more have no option: set them under "service" in the configuration file.',
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
