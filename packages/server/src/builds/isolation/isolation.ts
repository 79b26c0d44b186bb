import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Context, TemperError } from '../../temper.ts'
import { Sandbox, sandboxTools } from './sandbox.ts'
import { hostView } from './view.ts'
import type { Seen } from './words.ts'

/** Whether builds have to be kept apart from the service. */
export const isolations = ['required', 'where-possible', 'none'] as const
export type WantedIsolation = (typeof isolations)[number]

/** How builds are kept apart from the service and from each other. */
export interface Isolation {
  /** `sandbox`: namespaces that contain nothing of the service. `process`: a process of the service's user. */
  readonly level: 'sandbox' | 'process'
  /** Why there is no sandbox. */
  readonly why?: string
  readonly sandbox?: Sandbox
}

export interface IsolationRequest {
  readonly wanted: WantedIsolation
  /** Folder of all that the service keeps. */
  readonly data: string
  /** Folder in it where this process tries. */
  readonly work: string
  readonly program: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Further paths that builds may see. */
  readonly visible: readonly string[]
  /** The configuration file of the user who builds, and the parts of it that builds may know. */
  readonly configuration?: { readonly path: string; readonly text: string } | undefined
  readonly context: Pick<Context, 'catalogDir' | 'keysDir' | 'bubblewrap' | 'mirrors'>
}

/** Milliseconds that a try may take. */
const patience = 30_000

/**
 * Finds out, by trying, whether builds can be kept apart here, including sandboxes of build steps inside. Throws
 * `tool-missing` where that is required and impossible.
 */
export async function openIsolation(request: IsolationRequest): Promise<Isolation> {
  if (request.wanted === 'none') return { level: 'process', why: 'the settings say so' }
  const tried = await tryIsolation(request)
  if (typeof tried !== 'string') return { level: 'sandbox', sandbox: tried }
  if (request.wanted === 'where-possible') return { level: 'process', why: tried }
  throw new TemperError('tool-missing', `Builds cannot be kept apart from the service here: ${tried}`, {
    hint: 'Install bubblewrap, unshare and setpriv on a kernel that lets this user make namespaces, or build with workers on other machines.',
  })
}

/** What builds may know of a configuration file stands where that would be. */
async function writeConfiguration({ data, configuration }: IsolationRequest): Promise<readonly Seen[]> {
  if (configuration === undefined) return []
  const from = join(await realpath(data), 'build-configuration.yaml')
  await writeFile(from, configuration.text)
  return [{ from, to: configuration.path }]
}

/** A sandbox, or why there is none. */
async function tryIsolation(request: IsolationRequest): Promise<Sandbox | string> {
  const { data, work, program, environment, context } = request
  if (process.platform !== 'linux') return 'only Linux has the namespaces that this needs'
  const tools = await sandboxTools(environment['PATH'] ?? '', context.bubblewrap)
  if ('missing' in tools) return `${tools.missing} is not installed`
  await mkdir(work, { recursive: true, mode: 0o700 })
  const folder = await realpath(await mkdtemp(join(work, 'try-')))
  try {
    const view = await hostView(request)
    const configuration = await writeConfiguration(request)
    const sandbox = new Sandbox(tools, {
      view: { ...view, readable: [...view.readable, ...configuration] },
      hidden: [...new Set([resolve(data), await realpath(data)])],
    })
    const nested = [
      '--unshare-all',
      '--unshare-user',
      '--cap-drop',
      'ALL',
      '--ro-bind',
      '/',
      '/',
      '--proc',
      '/proc',
    ]
    const [first = ''] = program
    const [command, ...rest] = await sandbox.wrap({
      words: [tools.bwrap, ...nested, '--', 'sh', '-c', 'command -v "$0"', first],
      folder,
      environment,
      readable: [],
      writable: [folder],
      rights: 'none',
    })
    await promisify(execFile)(command ?? '', rest, { timeout: patience, env: environment })
    return sandbox
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string }
    return (stderr?.trim() || message).slice(0, 300)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
