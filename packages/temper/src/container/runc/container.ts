import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readFileIfExists } from '../../base/file.ts'
import type { ResolvedUser } from '../../formats/image-user.ts'
import type { ContainerResult, ContainerSpec, ExecResult, HttpAnswer } from '../../model/container.ts'
import { execResult } from '../exec-result.ts'
import { Foreground } from '../foreground.ts'
import { Probe } from '../probe/probe.ts'
import type { Container } from '../runtime.ts'
import { processConfig } from './bundle.ts'
import { runProgram } from './process.ts'

export interface RuncContainerOptions {
  /** Absolute path of runc. */
  readonly program: string
  /** Absolute path of Node. */
  readonly node: string
  readonly signal: AbortSignal
  readonly id: string
  /** The bundle: a folder with config.json. */
  readonly folder: string
  /** Where runc keeps what it knows of containers. */
  readonly state: string
  readonly spec: ContainerSpec
  readonly user: ResolvedUser
  /** Seconds. */
  readonly timeout?: number
}

/** One call of `runc run`, and the container that it makes. */
export class RuncContainer implements Container {
  readonly #options: RuncContainerOptions
  readonly #foreground: Foreground
  #pid: number | undefined
  #probe: Probe | undefined

  constructor(options: RuncContainerOptions) {
    const { program, id, folder, spec, signal, timeout } = options
    this.#options = options
    const args = ['run', '--bundle', folder, '--pid-file', join(folder, 'pid'), id]
    this.#foreground = new Foreground(program, this.#runc(...args), {
      signal,
      ...(spec.stdin === undefined ? {} : { stdin: spec.stdin }),
      ...(timeout === undefined ? {} : { timeout }),
      remove: () => this.#remove(),
    })
  }

  get done(): Promise<ContainerResult> {
    return this.#foreground.done
  }

  get ended(): ContainerResult | undefined {
    return this.#foreground.ended
  }

  async waitUntilRunning(): Promise<void> {
    while (this.ended === undefined) {
      const text = await readFileIfExists(join(this.#options.folder, 'pid'))
      const pid = Number(Buffer.from(text ?? '').toString('utf8'))
      if (pid > 0) {
        this.#pid = pid
        return
      }
      await Promise.race([this.done, delay(20)])
    }
  }

  async exec(args: readonly string[], timeout: number): Promise<ExecResult> {
    const { program, id, folder, spec, user, signal } = this.#options
    const file = join(folder, 'exec.json')
    await writeFile(file, JSON.stringify(processConfig({ ...spec, args }, user)))
    const command = this.#runc('exec', '--process', file, id)
    return execResult(await runProgram(program, command, { timeout, signal }))
  }

  async request(port: number, path: string): Promise<HttpAnswer | undefined> {
    if (this.#pid === undefined) return undefined
    this.#probe ??= new Probe(['nsenter', `--net=/proc/${this.#pid}/ns/net`], this.#options.node)
    return await this.#probe.ask(port, path)
  }

  async end(): Promise<ContainerResult> {
    this.#probe?.close()
    return await this.#foreground.end()
  }

  async #remove(): Promise<void> {
    const { program, id } = this.#options
    await runProgram(program, this.#runc('delete', '--force', id), { timeout: 20 })
  }

  #runc(...args: readonly string[]): string[] {
    return ['--root', this.#options.state, ...args]
  }
}
