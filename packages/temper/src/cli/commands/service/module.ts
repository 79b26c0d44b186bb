import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import type { Context } from '../../../flows/context.ts'
import type { Host } from '../../host.ts'
import { textOption } from '../../options/option.ts'
import type { Invocation } from '../../program/command.ts'
import { configuration, configurationPath } from '../../settings/locate.ts'
import { buildSettings } from './builds.ts'

/** The package that is the service. Whoever builds and scans only installs none of it. */
const serverPackage = '@temper-images/server'

/** As much of that package as is used here. */
interface ServerModule {
  settingsFrom(sources: SettingsSources): unknown
  serve(settings: unknown, context: Context): Promise<RunningServer>
  reindex(settings: unknown, context: Context): Promise<Reindexed>
  parseWorkerSettings(value: unknown): unknown
  work(settings: unknown, context: Context): Promise<void>
  backup(request: { readonly data: string; readonly to: string; readonly now: Date }): Promise<BackedUp>
  restore(request: { readonly from: string; readonly data: string }): Promise<Restored>
  reportRunning(request: unknown, context: Context): Promise<Reported>
}

interface SettingsSources {
  readonly file?: { readonly path: string; readonly line: number; readonly value: unknown }
  readonly environment: Host['env']
  readonly given: Readonly<Record<string, unknown>>
}

interface RunningServer {
  readonly url: string
  readonly token: string | undefined
  close(): Promise<void>
}

interface Counted {
  readonly repositories: number
  readonly tags: number
  readonly contents: number
  readonly bytes: number
}

interface BackedUp extends Counted {
  readonly copied: number
}

interface Restored extends Counted {
  readonly created: string
}

interface Reindexed {
  readonly images: number
  readonly builds: number
  readonly recipes: number
}

interface Reported {
  readonly place: string
  readonly images: readonly {
    readonly image: string | null
    readonly digest: string | null
    readonly count: number
  }[]
}

/** The token that lets a program of a role in: out of a file, else a variable, so that it stands in no list of processes. */
export async function tokenOf(
  { options, host }: Invocation,
  { variable, role }: { readonly variable: string; readonly role: string },
): Promise<string> {
  const file = textOption(options, 'tokenFile')
  const text =
    file === undefined ? host.env[variable] : await readFile(resolve(host.workingDir, file), 'utf8')
  const token = text?.trim() ?? ''
  if (token !== '') return token
  throw new TemperError('bad-usage', `A token of the role ${role} is needed`, {
    hint: `An administrator of the factory makes one. Name the file that holds it, or set ${variable}.`,
  })
}

export async function loadServer(): Promise<ServerModule> {
  try {
    return (await import(serverPackage)) as ServerModule
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new TemperError('tool-missing', 'The service is a separate package, which is not installed', {
      hint: `Install it beside this one: npm install ${serverPackage}`,
      cause: error,
    })
  }
}

/** Settings of a service: what options name, then variables, then the configuration file. `more` is what the command says besides. */
export async function serviceSettings(
  { options, host }: Invocation,
  { settingsFrom }: Pick<ServerModule, 'settingsFrom'>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const { values, lines } = await configuration(host, options)
  const { file: path } = configurationPath(host, options)
  const value = values.get('service')
  const data = textOption(options, 'data')
  const factory = options['factory'] === false ? false : await factorySettings({ options, host })
  return settingsFrom({
    ...(value === undefined ? {} : { file: { path, line: lines.get('service') ?? 1, value } }),
    environment: host.env,
    given: {
      ...(data === undefined ? {} : { data }),
      ...given(options, ['feeds', 'policy', 'knownAs']),
      factory,
      ...more,
    },
  })
}

function given(options: Invocation['options'], names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = textOption(options, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

async function factorySettings({ options, host }: Pick<Invocation, 'options' | 'host'>) {
  return {
    ...given(options, ['recipes', 'database', 'registry', 'buildOn']),
    ...promotion(textOption(options, 'promote')),
    ...(await buildSettings({ options, host })),
  }
}

/** "at-once", "by-hand", or hours. The service says what is wrong with anything else. */
function promotion(text: string | undefined) {
  if (text === undefined) return {}
  return { promotion: text === 'at-once' || text === 'by-hand' ? text : { after: Number(text) } }
}
