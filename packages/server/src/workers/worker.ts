import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { harvestCache, seedCache } from '../builds/cache.ts'
import { wordsOf } from '../builds/commands.ts'
import { type Isolation, openIsolation } from '../builds/isolation/isolation.ts'
import { discard } from '../builds/isolation/left.ts'
import { reachableSchema } from '../builds/isolation/reach.ts'
import { runApart } from '../builds/isolation/run.ts'
import { configurationSchema, isolationSchema } from '../builds/isolation/settings.ts'
import { layoutOf, lockFile } from '../builds/places.ts'
import { ChildFailed } from '../builds/result.ts'
import { Scratch } from '../scratch.ts'
import {
  type Context,
  copyImage,
  describeRecipe,
  parseJson,
  parseReference,
  silentProgress,
  TemperError,
} from '../temper.ts'
import { unpackBundle } from './bundle.ts'
import { callService } from './call.ts'
import { taskSchema, type WorkTask } from './task.ts'

/** Milliseconds between signs of life, and after something went wrong on the way to the service. */
const every = 2000
const patience = 5000
/** Characters of lines that are sent at once. */
const linesLimit = 500_000

const workerSettings = z.strictObject({
  /** Address of the service. */
  server: z.url({ protocol: /^https?$/ }),
  /** A token with the role worker. */
  token: z.string().min(1),
  /** What people know it by. */
  name: z
    .string()
    .min(1)
    .max(100)
    .default(() => hostname().slice(0, 100) || 'worker'),
  /** Folder of what it does now, and of packages that it fetched. */
  data: z.string().min(1),
  program: z.array(z.string()).min(1),
  environment: z.record(z.string(), z.string()).default({}),
  isolation: isolationSchema,
  /** What else of this machine builds may read. */
  visible: z.array(z.string().min(1)).default([]),
  /** Hosts and networks, besides public ones, that builds may ask. */
  reachable: z.array(reachableSchema).default([]),
  configuration: configurationSchema.optional(),
  /** Ends after one task: whoever starts it gives each a machine of its own. */
  once: z.boolean().default(false),
})
export type WorkerSettings = z.output<typeof workerSettings>

/** Checks settings from outside. Throws `bad-configuration`, which names the first wrong one. */
export function parseWorkerSettings(value: unknown): WorkerSettings {
  const read = workerSettings.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new TemperError(
    'bad-configuration',
    `Setting ${issue?.path.join('.') ?? ''} of the worker: ${issue?.message}`,
  )
}

/**
 * Builds what a service orders, until the context's signal is aborted. The worker receives recipes and locks, returns
 * results, and holds no key: nobody has to believe what it says about an image.
 */
export async function work(settings: WorkerSettings, context: Context): Promise<void> {
  const { data } = settings
  await mkdir(data, { recursive: true, mode: 0o700 })
  const [tasks, scratch] = [await Scratch.open(resolve(data)), await Scratch.open()]
  try {
    await workIn({ settings, context, connection: new Connection(settings, context), tasks, scratch })
  } finally {
    await tasks.close()
    await scratch.close()
  }
}

async function workIn(worker: Omit<Worker, 'isolation'>): Promise<void> {
  const { settings, context, connection, tasks } = worker
  const { signal } = context
  const { data, program, environment, visible, configuration } = settings
  const isolation = await openIsolation({
    data,
    work: tasks.path,
    program,
    environment,
    visible,
    configuration,
    context,
    wanted: settings.isolation,
  })
  if (isolation.level === 'process')
    context.progress.warn(`Builds are not kept apart from this worker: ${isolation.why}`)
  while (!signal.aborted) {
    const task = await connection.claim().catch(async (error: unknown) => {
      const passes = signal.aborted || !(error instanceof TemperError) || error.code === 'network'
      if (!passes) throw error
      context.progress.warn(`The service cannot be reached: ${(error as Error).message}`)
      await delay(patience, undefined, { signal }).catch(() => undefined)
      return undefined
    })
    if (task === undefined) continue
    await perform(task, { ...worker, isolation })
    if (settings.once) return
  }
}

interface Worker {
  /** For what builds leave, in the folder of the worker, and for what the process itself needs, elsewhere. */
  readonly tasks: Scratch
  readonly scratch: Scratch
  readonly settings: WorkerSettings
  readonly context: Context
  readonly connection: Connection
  readonly isolation: Isolation
}

async function perform(task: WorkTask, worker: Worker): Promise<void> {
  const { settings, context, connection, tasks } = worker
  const data = resolve(settings.data)
  const folder = await tasks.folder('task')
  const lines: string[] = []
  const stopping = new AbortController()
  const beat = setInterval(() => {
    const said = lines.splice(0)
    connection
      .heard(task.id, said)
      .then((wanted) => wanted || stopping.abort())
      .catch(() => lines.unshift(...said))
  }, every)
  try {
    const signal = AbortSignal.any([context.signal, stopping.signal])
    const result = await runTask(task, { ...worker, folder, data, signal, lines })
    await connection.heard(task.id, lines.splice(0))
    await connection.finish(task.id, result)
  } catch (error) {
    if (!stopping.signal.aborted && !context.signal.aborted)
      await connection.finish(task.id, failureOf(error)).catch(() => undefined)
  } finally {
    clearInterval(beat)
    await discard(folder)
  }
}

interface Running extends Worker {
  readonly folder: string
  readonly data: string
  readonly signal: AbortSignal
  readonly lines: string[]
}

async function runTask(task: WorkTask, running: Running): Promise<TaskResult> {
  const { folder, data, settings, context, isolation, scratch, signal, lines } = running
  const recipes = join(folder, 'recipes')
  const [shared, cache] = [join(data, 'packages-cache'), join(folder, 'cache')]
  await mkdir(cache, { recursive: true, mode: 0o700 })
  await unpackBundle(task.bundle, recipes)
  if (task.lock !== null) {
    await writeFile(lockFile({ folder }), task.lock)
    await seedCache(shared, cache, task.lock)
  }
  const recipe = { path: join(recipes, task.bundle.recipe) }
  const target = { target: recipe.path }
  const known = await describeRecipe(target, { ...context, workingDir: recipes }).catch(() => undefined)
  const { code, json } = await runApart(isolation, {
    command: task.command,
    place: folder,
    cache,
    archives: known?.archives ?? [],
    reachable: settings.reachable,
    context,
    scratch,
    words: [
      ...settings.program,
      ...wordsOf(task.command, { folder, recipe }),
      '--json',
      '--cache-dir',
      cache,
    ],
    folder: recipes,
    environment: settings.environment,
    signal,
    onLine: (line) => {
      if (lines.length < 10_000) lines.push(line.slice(0, 2000))
    },
  })
  await harvestCache(cache, shared)
  if (task.command === 'build') await pushBuilt(task, json, running)
  const lock = task.command === 'lock' ? await readFile(lockFile({ folder }), 'utf8') : null
  return { code, text: JSON.stringify(json), lock }
}

async function pushBuilt(
  task: WorkTask,
  json: unknown,
  { folder, settings, context }: Running,
): Promise<void> {
  const { digest } = z.looseObject({ digest: z.string() }).parse(json)
  const { host, protocol } = new URL(settings.server)
  const { repository, token } = task.push
  await copyImage(
    {
      from: parseReference(`oci:${layoutOf({ folder })}@${digest}`),
      to: parseReference(`${host}/${repository}@${digest}`),
      evidence: 'require',
    },
    {
      ...context,
      progress: silentProgress,
      insecureRegistries: [...context.insecureRegistries, ...(protocol === 'http:' ? [host] : [])],
      credentials: async (asked) =>
        asked === host ? { kind: 'password', username: 'worker', password: token } : undefined,
    },
  )
}

interface TaskResult {
  readonly code: number
  readonly text: string
  readonly lock: string | null
}

/** As the command itself would have printed it. */
function failureOf(error: unknown): TaskResult {
  const known = error instanceof ChildFailed || error instanceof TemperError
  const { message, code, exitCode } = known
    ? error
    : { message: (error as Error).message, code: 'internal', exitCode: 3 }
  const details = error instanceof ChildFailed ? error.details : {}
  return { code: exitCode, text: JSON.stringify({ error: { code, message, details } }), lock: null }
}

const heardSchema = z.looseObject({ wanted: z.boolean().optional() })

function answerOf(text: string): unknown {
  const where = 'the answer of the service'
  const refuse = (found: string) => new TemperError('network', `${where}: expected JSON, found ${found}`)
  return parseJson(text, { where, depth: 64, refuse })
}

/** What is asked of the service. */
class Connection {
  readonly #settings: WorkerSettings
  readonly #context: Context

  constructor(settings: WorkerSettings, context: Context) {
    this.#settings = settings
    this.#context = context
  }

  async claim(): Promise<WorkTask | undefined> {
    const { status, text } = await this.#post('claim', { name: this.#settings.name })
    return status === 204 ? undefined : taskSchema.parse(answerOf(text))
  }

  /** Whether the task is still wanted. */
  async heard(task: string, lines: readonly string[]): Promise<boolean> {
    const all = lines.join('\n').slice(0, linesLimit)
    const { text } = await this.#post(`tasks/${task}/log`, { lines: all === '' ? [] : all.split('\n') })
    return heardSchema.parse(answerOf(text)).wanted === true
  }

  async finish(task: string, result: TaskResult): Promise<void> {
    await this.#post(`tasks/${task}/result`, result)
  }

  async #post(path: string, value: object): Promise<{ readonly status: number; readonly text: string }> {
    const { server, token, name } = this.#settings
    const address = new URL(`api/worker/${path}`, server.endsWith('/') ? server : `${server}/`)
    const answer = await callService(this.#context, address, {
      method: 'POST',
      token,
      value: { worker: name, ...value },
    })
    const { status, text } = answer
    if (status >= 200 && status < 300) return answer
    // No use in asking again.
    if (status === 401 || status === 403)
      throw new TemperError(
        'bad-configuration',
        `${address.origin} does not accept the worker: ${text.slice(0, 500)}`,
        {
          hint: 'It needs a token with the role worker.',
        },
      )
    throw new Error(`${address}: ${status} ${text.slice(0, 500)}`)
  }
}
