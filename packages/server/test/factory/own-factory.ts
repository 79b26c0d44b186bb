import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createNodeFetch } from '../../../temper/src/base/http/node-fetch.ts'
import { sampleContext } from '../../../temper/src/flows/fixtures/sample-context.ts'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { temperProgram } from '../../../temper/test/support/program.ts'
import { unpackFolder } from '../../src/database/embedded/folder-image.ts'
import type { FactoryWorld } from '../../src/factory/world.ts'
import { startService } from '../../src/server.ts'
import type { Service } from '../../src/service.ts'
import { settingsFrom } from '../../src/settings-sources.ts'
import type { Context } from '../../src/temper.ts'
import type { ListedBuild, ListedImage } from './service.ts'

/** A factory in the process of the test, on a folder of its own, whose builds are real. */
export class OwnFactory {
  readonly folder: string
  url = ''
  token = ''
  #service: Service | undefined

  private constructor(folder: string) {
    this.folder = folder
  }

  static async inFolder(): Promise<OwnFactory> {
    const own = new OwnFactory(ownFolder('own'))
    await mkdir(own.path('feeds'))
    await own.#withTables()
    return own
  }

  /** As the first start of the built program has them; sources make the tables one by one, which takes seconds. */
  async #withTables(): Promise<void> {
    const [program = ''] = temperProgram.slice(-1)
    const image = join(dirname(program), '../node_modules/@temper-images/server/dist/database.zst')
    if (!existsSync(image)) return
    await mkdir(this.path('data/database'), { recursive: true, mode: 0o700 })
    await unpackFolder(await readFile(image), this.path('data/database/postgres'))
    await writeFile(this.path('data/database/complete'), '')
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  async start(
    settings: Readonly<Record<string, unknown>> = {},
    { factory = {}, context = {} }: { readonly factory?: object; readonly context?: Partial<Context> } = {},
  ): Promise<void> {
    const { PATH = '' } = process.env
    const world = sampleContext(this.folder, {
      now: () => new Date(),
      fetch: createNodeFetch(),
      offline: false,
      ...context,
    })
    const { service, token } = await startService(
      settingsFrom({
        environment: {},
        given: {
          port: 0,
          data: this.path('data'),
          feeds: this.path('feeds'),
          factory: {
            program: [process.execPath, ...temperProgram],
            environment: { PATH, HOME: this.folder },
            ...factory,
          },
          ...settings,
        },
      }),
      world,
    )
    this.#service = service
    this.url = service.url
    this.token = token ?? this.token
  }

  async stop(): Promise<void> {
    await this.#service?.close()
    this.#service = undefined
  }

  async remove(): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** What it works with, for what no request can do: its calendar. */
  get world(): FactoryWorld {
    const world = this.#service?.factory?.world
    if (world === undefined) throw new Error('the factory does not run')
    return world
  }

  get host(): string {
    return new URL(this.url).host
  }

  ask(path: string, value?: object, token = this.token, method?: string): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: method ?? (value === undefined ? 'GET' : 'POST'),
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    })
  }

  async get<T>(path: string): Promise<T> {
    return await jsonOf<T>(path, await this.ask(path))
  }

  async post<T>(path: string, value: object = {}): Promise<T> {
    return await jsonOf<T>(path, await this.ask(path, value))
  }

  /** Asks until it is so. */
  async until<T>(look: () => Promise<T | undefined>, what: string, seconds = 200): Promise<T> {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      const value = await look()
      if (value !== undefined) return value
      await delay(100)
    }
    throw new Error(`waited ${seconds} s for ${what}: ${JSON.stringify(await this.builds(), undefined, 1)}`)
  }

  async builds(image?: string): Promise<readonly ListedBuild[]> {
    return await this.get<readonly ListedBuild[]>(
      `/api/builds${image === undefined ? '' : `?image=${image}`}`,
    )
  }

  /** A build, when it has ended. */
  async built(id: string): Promise<ListedBuild> {
    return await this.until(
      async () => ended(await this.get<ListedBuild>(`/api/builds/${id}`)),
      `build ${id}`,
    )
  }

  /** The newest build of an image for a reason, when it has ended. */
  async builtFor(image: string, reason: RegExp): Promise<ListedBuild> {
    return await this.until(async () => {
      const build = (await this.builds(image)).find((each) => reason.test(each.reason))
      return build === undefined ? undefined : ended(build)
    }, `${image}, ${reason}`)
  }

  /** Does background work, and returns when it is done. */
  async work(path: string): Promise<void> {
    const { id } = await this.post<{ id: string }>(path)
    await this.until(async () => {
      const { state } = await this.get<{ state: string }>(`/api/jobs/${id}`)
      return ['created', 'active', 'retry'].includes(state) ? undefined : state
    }, path)
  }

  async image(name: string): Promise<ListedImage | undefined> {
    return (await this.get<readonly ListedImage[]>('/api/images')).find((each) => each.name === name)
  }

  async digestOf(name: string, tag: string): Promise<string | undefined> {
    return (await this.image(name))?.tags.find((each) => each.tag === tag)?.digest
  }
}

function ended(build: ListedBuild): ListedBuild | undefined {
  return ['waiting', 'running'].includes(build.state) ? undefined : build
}

async function jsonOf<T>(path: string, answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
