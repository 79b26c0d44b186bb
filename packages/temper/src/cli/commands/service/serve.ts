import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TemperError } from '../../../base/error.ts'
import type { Context } from '../../../flows/context.ts'
import type { Host } from '../../host.ts'
import { textOption } from '../../options/option.ts'
import type { CommandDefinition, Invocation } from '../../program/command.ts'

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
      .option('--no-factory', 'be a registry alone: no database, no builds')
      .option('--known-as <host>', "host that clients know it by, for the policy's patterns")
      .addHelpText(
        'after',
        '\nPrints one line of JSON when it answers: the address and, the first time, the token of the first' +
          '\nadministrator, which is told once. Clients log in with any user name and a token as the password.',
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
    const { parseSettings, serve } = await loadServer()
    const port = textOption(options, 'port')
    const address = textOption(options, 'host')
    const [policy, feeds, knownAs] = ['policy', 'feeds', 'knownAs'].map((name) => textOption(options, name))
    const factory = options['factory'] === false ? undefined : factorySettings(invocation)
    const server = await serve(
      parseSettings({
        data: textOption(options, 'data') ?? 'temper-data',
        ...(port === undefined ? {} : { port: Number(port) }),
        ...(address === undefined ? {} : { host: address }),
        ...(policy === undefined ? {} : { policy }),
        ...(feeds === undefined ? {} : { feeds }),
        ...(knownAs === undefined ? {} : { knownAs }),
        ...(factory === undefined ? {} : { factory }),
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

function factorySettings({ options, host }: Invocation) {
  const named = ['recipes', 'database', 'registry'].flatMap((name) => {
    const value = textOption(options, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const config = textOption(options, 'config')
  const more = config === undefined ? [] : ['--config', resolve(host.workingDir, config)]
  return {
    ...Object.fromEntries(named),
    program: [host.machine.node, ...ownProgram(), ...more],
    environment: buildEnvironment(host.env),
  }
}

/** What runs this very program again: its sources need a condition, what is built from them does not. */
function ownProgram(): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(isSource ? '../../main.ts' : '../../../main.js', import.meta.url))
  return isSource ? ['--conditions=temper-source', main] : [main]
}

/** Variables that a build may see: where archives are and how the network is reached, and nothing that is a secret of the service. */
const passed =
  /^(?:PATH|HOME|LANG|TZ|TEMPER_(?:DEBIAN|DEBIAN_SECURITY|ALPINE|WOLFI|PYPI|NPM)_MIRROR|TEMPER_NETRC|TEMPER_OFFLINE|SOURCE_DATE_EPOCH|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO|ALL)_PROXY|NODE_COMPILE_CACHE)$/i

function buildEnvironment(env: Host['env']): Readonly<Record<string, string>> {
  const found = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && passed.test(name) ? [[name, value] as const] : [],
  )
  return Object.fromEntries(found)
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
