import { TemperError } from '../../../base/error.ts'
import type { Context } from '../../../flows/context.ts'
import type { Host } from '../../host.ts'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'

/** The package that is the service. Whoever builds and scans only installs none of it. */
const serverPackage = '@temper-images/server'

/** As much of that package as is used here. */
interface ServerModule {
  parseSettings(value: unknown): unknown
  serve(settings: unknown, context: Context): Promise<RunningServer>
}

interface RunningServer {
  readonly url: string
  readonly token: string | undefined
  close(): Promise<void>
}

export const command: CommandDefinition = {
  name: 'serve',
  summary: 'run a registry for images and what is attached to them, until it is stopped',
  configure: (command) => {
    command
      .option('--port <number>', 'port to listen on; 0 for any that is free (default: 8080)')
      .option('--host <address>', 'address to listen on (default: 127.0.0.1, which is this machine alone)')
      .option('--data <folder>', 'where everything is kept (default: temper-data)')
      .option('--policy <name>', 'what refuses images before they get a tag: a packaged policy or a file')
      .option('--feeds <folder>', 'feeds that the policy is asked with (default: those of this machine)')
      .option('--known-as <host>', "host that clients know it by, for the policy's patterns")
      .addHelpText(
        'after',
        '\nPrints one line of JSON when it answers: the address and, the first time, the token of the first' +
          '\nadministrator, which is told once. Clients log in with any user name and a token as the password.',
      )
  },
  examples: [
    { command: 'temper serve --port 5000 --data registry', does: 'a registry in the folder registry' },
    {
      command: 'temper serve --port 5000 --data registry --policy hardened',
      does: 'the same, in which images that are not hardened get no tag',
    },
  ],
  // Uploads that have begun may end.
  stopsWithin: 30_000,
  run: async ({ options, host, context }) => {
    const { parseSettings, serve } = await loadServer()
    const port = textOption(options, 'port')
    const address = textOption(options, 'host')
    const [policy, feeds, knownAs] = ['policy', 'feeds', 'knownAs'].map((name) => textOption(options, name))
    const server = await serve(
      parseSettings({
        data: textOption(options, 'data') ?? 'temper-data',
        ...(port === undefined ? {} : { port: Number(port) }),
        ...(address === undefined ? {} : { host: address }),
        ...(policy === undefined ? {} : { policy }),
        ...(feeds === undefined ? {} : { feeds }),
        ...(knownAs === undefined ? {} : { knownAs }),
        log: 'stderr',
      }),
      await context(),
    )
    const { url, token } = server
    host.stdout.write(`${JSON.stringify({ url, ...(token === undefined ? {} : { token }) })}\n`)
    await stopped(host)
    await server.close()
    return { json: { stopped: url }, text: () => '', kind: 'summary' }
  },
}

async function loadServer(): Promise<ServerModule> {
  try {
    return (await import(serverPackage)) as ServerModule
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new TemperError('tool-missing', 'The service is a package of its own, which is not installed', {
      hint: `Install it beside this one: npm install ${serverPackage}`,
      cause: error,
    })
  }
}

function stopped({ signal }: Host): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
