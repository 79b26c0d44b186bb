import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { existing, home } from '../../directories.ts'
import type { Host } from '../../host.ts'
import type { Invocation } from '../../program/command.ts'
import { mirrored, mirrorVariable } from '../../settings/known-settings.ts'
import { configuration, configurationPath } from '../../settings/locate.ts'

/** What builds run with, in processes of their own. */
export interface BuildSettings {
  readonly program: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** The configuration file, without what is the service's: that names its secrets. */
  readonly configuration?: { readonly path: string; readonly text: string }
}

export async function buildSettings({
  options,
  host,
}: Pick<Invocation, 'options' | 'host'>): Promise<BuildSettings> {
  const { file: path } = configurationPath(host, options)
  const { netrc: configured } = await configuration(host, options)
  const { env } = host
  const netrc = existing(env['TEMPER_NETRC'] ?? configured ?? env['NETRC'] ?? join(home(env), '.netrc'))
  const text = existing(path) === undefined ? undefined : await withoutService(path)
  return {
    program: [host.machine.node, ...ownProgram()],
    environment: {
      ...buildEnvironment(env),
      ...(netrc === undefined ? {} : { TEMPER_NETRC: netrc }),
      ...(text === undefined ? {} : { TEMPER_CONFIG: path }),
    },
    ...(text === undefined ? {} : { configuration: { path, text } }),
  }
}

async function withoutService(path: string): Promise<string> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(await readFile(path, 'utf8'))
  document.delete('service')
  return document.toString()
}

/** What runs this very program again: its sources need a condition, what is built from them does not. */
function ownProgram(): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(isSource ? '../../main.ts' : '../../../main.js', import.meta.url))
  return isSource ? ['--conditions=temper-source', main] : [main]
}

/** Variables that a build may see: where archives are and how the network is reached, and nothing that is a secret of the service. */
const passed =
  /^(?:PATH|HOME|LANG|TZ|TEMPER_OFFLINE|SOURCE_DATE_EPOCH|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO|ALL)_PROXY|NODE_COMPILE_CACHE)$/i

const mirrors: ReadonlySet<string> = new Set(mirrored.map(mirrorVariable))

function buildEnvironment(env: Host['env']): Readonly<Record<string, string>> {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (passed.test(name) || mirrors.has(name)) ? [[name, value] as const] : [],
  )
  return Object.fromEntries(variables)
}
