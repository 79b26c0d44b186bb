import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scratch } from '../../scratch.ts'
import { type Context, type ProxySettings, proxyChoice } from '../../temper.ts'
import type { TaskCommand } from '../../workers/task.ts'
import { type ChildRequest, runTemper } from '../child.ts'
import type { ChildResult } from '../result.ts'
import { type Gateway, openGateway } from './gateway.ts'
import type { Isolation } from './isolation.ts'
import { demandPlain, discard } from './left.ts'
import { resolver } from './reach.ts'
import { copyOfRecipes } from './recipes.ts'
import type { Sandbox } from './sandbox.ts'
import { archiveFolders } from './view.ts'
import { configuredAddresses } from './within.ts'

export interface ApartRequest extends Omit<ChildRequest, 'isSandboxed'> {
  readonly command: TaskCommand
  /** Folder of this one build. */
  readonly place: string
  /** Folder of packages: below `place`, or one that the next build of the recipe uses too. */
  readonly cache: string
  /** Addresses of archives that the recipe names. */
  readonly archives: readonly string[]
  /** Hosts and networks, besides public ones, that builds may ask. */
  readonly reachable: readonly string[]
  readonly context: Pick<Context, 'npmRegistry' | 'pythonIndex' | 'mirrors' | 'insecureRegistries'>
  /** Of this process. */
  readonly scratch: Scratch
}

/**
 * Runs a command of a build, kept apart from the service as far as this machine allows: the command sees programs,
 * its recipes, its cache and its own folder. What it leaves is checked before anybody reads it. Throws `ChildFailed`
 * and `gate-refused`.
 */
export async function runApart({ sandbox }: Isolation, request: ApartRequest): Promise<ChildResult> {
  const { command, place, cache, words, folder, signal, onLine } = request
  const temporary = join(place, 'tmp')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  const environment = { ...request.environment, TMPDIR: temporary }
  const common = { folder, signal, onLine }
  let result: ChildResult
  try {
    // An engine of the user's own has to be reached from outside.
    if (sandbox === undefined || (command === 'test' && !sandbox.startsContainers))
      result = await runTemper({ ...common, words, environment })
    else {
      const gateway = await gatewayFor(request)
      try {
        const inside = await inSandbox(sandbox, { ...request, gateway: gateway.socket }, environment)
        result = await runTemper({ ...common, ...inside, isSandboxed: true })
      } finally {
        await gateway.close()
      }
    }
  } finally {
    await discard(temporary)
    await discard(recipesOf(place))
  }
  await demandPlain(place)
  if (!cache.startsWith(`${place}/`)) await demandPlain(cache)
  return result
}

/** Where a copy of the recipes is for as long as a command runs: nothing of it is the build's to change. */
function recipesOf(place: string): string {
  return `${place}.recipes`
}

async function inSandbox(
  sandbox: Sandbox,
  {
    command,
    place,
    cache,
    archives,
    context,
    words,
    folder,
    gateway,
  }: ApartRequest & { readonly gateway: string },
  outside: Readonly<Record<string, string>>,
): Promise<Pick<ChildRequest, 'words' | 'environment'>> {
  const [registry, index] = [await context.npmRegistry?.(), await context.pythonIndex?.()]
  const environment = {
    ...outside,
    HOME: outside['TMPDIR'] ?? place,
    // Compiled code would be written there, a file for each module, and be gone with it.
    ...(outside['NODE_COMPILE_CACHE'] === undefined ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {}),
    ...(registry === undefined ? {} : { npm_config_registry: registry }),
    ...(index === undefined ? {} : { PIP_INDEX_URL: index }),
  }
  const recipes = sandbox.isSomebodyElse ? await copyOfRecipes(folder, recipesOf(place)) : folder
  if (recipes !== folder) await sandbox.give(recipes)
  const wrapped = await sandbox.wrap({
    words,
    folder,
    environment,
    gateway,
    readable: [{ from: recipes, to: folder }, ...(await archiveFolders(archives, sandbox.hidden))],
    ...(cache.startsWith(`${place}/`) ? { writable: [place] } : { writable: [place, cache], shared: cache }),
    rights: command === 'test' ? 'containers' : 'none',
  })
  // What makes the sandbox gets no more than what runs in it.
  return { words: wrapped, environment: {} }
}

/** The way out: to mirrors and registries that the settings name, to the recipe's archives, and to public addresses. */
async function gatewayFor(request: ApartRequest): Promise<Gateway> {
  const { context, archives, reachable, environment, scratch, onLine } = request
  const configured = await configuredAddresses(context)
  return await openGateway({
    folder: await scratch.folder('way'),
    resolve: resolver({ configured, archives, reachable }),
    proxyFor: proxyChoice(proxiesIn(environment)),
    refused: (place) =>
      onLine(
        `The build asked for ${place}, which builds do not reach unless the setting factory.reachable names it`,
      ),
  })
}

/** The proxies of a network, which the gateway asks in place of builds. */
function proxiesIn(environment: Readonly<Record<string, string>>): ProxySettings {
  const read = (name: string) => environment[name] ?? environment[name.toUpperCase()]
  const [http, https, none] = [read('http_proxy'), read('https_proxy'), read('no_proxy')]
  const all = read('all_proxy')
  return {
    ...(http || all ? { http: http || all || '' } : {}),
    ...(https || all ? { https: https || all || '' } : {}),
    ...(none ? { none } : {}),
  }
}
