import { type ChildProcess, execFile } from 'node:child_process'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ownFolder } from '../../../temper/test/support/own-folder.ts'
import { type RunningCli, startTemper } from '../../../temper/test/support/temper-cli.ts'

export interface ListedImage {
  readonly name: string
  readonly tags: readonly { readonly tag: string; readonly digest: string; readonly channel: string }[]
  readonly grade: string | null
  readonly vulnerabilities: Readonly<Record<string, number>>
  readonly waiting: string | null
}

export interface ListedBuild {
  readonly id: string
  readonly image: string
  readonly reason: string
  readonly state: string
  readonly error: string | null
  readonly digest: string | null
  readonly steps: readonly {
    readonly name: string
    readonly state: string
    readonly seconds: number | null
    readonly note?: string
  }[]
}

/** `temper serve` as a person starts it, on folders of its own. */
export class Service {
  readonly folder: string
  url = ''
  token = ''
  /** Variables that it is started with. */
  env: Readonly<Record<string, string>> = {}
  /** Another version than the one that is tested, as words after Node's path. */
  program: readonly string[] | undefined
  /** Milliseconds after which it is ended, whatever the test does. */
  lifetime = 240_000
  #child: ChildProcess | undefined
  #ended: Promise<{ readonly stdout: string; readonly stderr: string }> | undefined

  private constructor(folder: string) {
    this.folder = folder
  }

  static async inFolder(): Promise<Service> {
    const service = new Service(ownFolder('factory'))
    await mkdir(service.path('feeds'))
    return service
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  /** Starts it; returns the milliseconds until it said that it is there. */
  async start(...more: readonly string[]): Promise<number> {
    const begun = performance.now()
    const { child, done } = this.#launch(['serve', '--port', '0', ...more])
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    while (!text.includes('\n')) {
      if (child.exitCode !== null) throw new Error(`the service ended: ${(await done).stderr}`)
      await delay(20)
    }
    const said = JSON.parse(text) as { readonly url: string; readonly token?: string }
    this.url = said.url
    this.token = said.token ?? this.token
    return performance.now() - begun
  }

  /** Starts it, and kills it in the middle of filling its database: it stops at a waiver that nobody ends writing. */
  async killWhileFilling(...words: readonly string[]): Promise<void> {
    const pipe = this.path('data', 'waivers', 'endless.json')
    await mkdir(this.path('data', 'waivers'), { recursive: true })
    await promisify(execFile)('mkfifo', [pipe])
    const { done } = this.#launch(words)
    // Opened as soon as somebody reads it.
    const end = await Promise.race([open(pipe, 'w'), done])
    if ('stderr' in end) throw new Error(`the service ended: ${end.stderr}`)
    await this.stop('SIGKILL')
    await end.close()
    await rm(pipe)
  }

  #launch(words: readonly string[]): RunningCli {
    const places = ['--data', this.path('data'), '--feeds', this.path('feeds')]
    const running = startTemper([...words, ...places], {
      cwd: this.folder,
      env: { TEMPER_CACHE_DIR: this.path('cache'), ...this.env },
      timeout: this.lifetime,
      ...(this.program === undefined ? {} : { program: this.program }),
    })
    this.#child = running.child
    this.#ended = running.done
    return running
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
    this.#child?.kill(signal)
    return (await this.#ended)?.stderr ?? ''
  }

  async remove(): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  get host(): string {
    return new URL(this.url).host
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.ask(path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async post<T>(path: string, value: object = {}): Promise<T> {
    const answer = await this.ask(path, {
      method: 'POST',
      body: JSON.stringify(value),
      headers: { 'Content-Type': 'application/json' },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  ask(path: string, { headers, ...options }: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      ...options,
      headers: { Authorization: `Bearer ${this.token}`, ...(headers as Record<string, string>) },
    })
  }

  /** Asks until it is so. */
  async until<T>(look: () => Promise<T | undefined>, what: string, seconds = 120): Promise<T> {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      const value = await look()
      if (value !== undefined) return value
      await delay(200)
    }
    const builds = this.url === '' ? [] : await this.get<unknown>('/api/builds')
    throw new Error(`waited ${seconds} s for ${what}: ${JSON.stringify(builds, undefined, 1)}`)
  }

  /** The build, when it has ended. */
  async built(id: string): Promise<ListedBuild> {
    return await this.until(async () => {
      const build = await this.get<ListedBuild>(`/api/builds/${id}`)
      return ['waiting', 'running'].includes(build.state) ? undefined : build
    }, `build ${id}`)
  }

  async digestOf(name: string, tag: string): Promise<string | undefined> {
    const images = await this.get<readonly ListedImage[]>('/api/images')
    return images.find((each) => each.name === name)?.tags.find((each) => each.tag === tag)?.digest
  }

  /** Puts a file into the folder of feeds. */
  async feed(name: string, content: object): Promise<void> {
    await writeFile(this.path('feeds', name), JSON.stringify(content))
  }
}
