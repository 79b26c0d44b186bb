import { setTimeout as delay } from 'node:timers/promises'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import type { ContainerResult, ExecResult, HttpAnswer } from '../../model/container.ts'
import { execResult } from '../exec-result.ts'
import { Foreground } from '../foreground.ts'
import { Probe } from '../probe/probe.ts'
import { requireProgram, runProgram } from '../runc/process.ts'
import type { Container } from '../runtime.ts'
import { type EngineCommand, runCommand } from './command.ts'
import { askLoopback } from './http-answer.ts'

/** Seconds for a call that only manages things. */
export const managementTimeout = 60

export interface EngineContainerOptions extends EngineCommand {
  /** Absolute path of the engine. */
  readonly program: string
  /** Absolute path of Node. */
  readonly node: string
  readonly signal: AbortSignal
  /** Seconds. */
  readonly timeout?: number
}

/** One call of `podman run` or `docker run` in the foreground, and the container that it makes. */
export class EngineContainer implements Container {
  readonly #options: EngineContainerOptions
  readonly #foreground: Foreground
  #pid: number | undefined
  #probe: Probe | undefined
  /** Port of the container → port of the host's loopback that docker chose. */
  readonly #published = new Map<number, number>()

  constructor(options: EngineContainerOptions) {
    const { program, spec, signal, timeout } = options
    this.#options = options
    this.#foreground = new Foreground(program, runCommand(options), {
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
    const { program, id, signal } = this.#options
    const look = ['container', 'inspect', '--format', '{{.State.Pid}}', id]
    while (this.ended === undefined) {
      const { exitCode, output } = await runProgram(program, look, { timeout: managementTimeout, signal })
      if (exitCode === 0 && Number(output) > 0) {
        this.#pid = Number(output)
        return
      }
      await Promise.race([this.done, delay(50)])
    }
  }

  async exec(args: readonly string[], timeout: number): Promise<ExecResult> {
    const { program, id, signal } = this.#options
    return execResult(await runProgram(program, ['exec', id, ...args], { timeout, signal }))
  }

  async request(port: number, path: string): Promise<HttpAnswer | undefined> {
    if (this.#options.kind === 'docker') return await askLoopback(await this.#hostPort(port), path)
    if (this.#pid === undefined) return undefined
    this.#probe ??= new Probe(this.#enterNetwork(this.#pid), this.#options.node)
    return await this.#probe.ask(port, path)
  }

  async end(): Promise<ContainerResult> {
    this.#probe?.close()
    return await this.#foreground.end()
  }

  /** Whoever is not root runs podman in a user namespace, which has to be entered first. */
  #enterNetwork(pid: number): readonly string[] {
    const enter = ['nsenter', `--net=/proc/${pid}/ns/net`]
    return process.getuid?.() === 0 ? enter : [this.#options.program, 'unshare', ...enter]
  }

  async #hostPort(port: number): Promise<number> {
    const known = this.#published.get(port)
    if (known !== undefined) return known
    const { program, id, signal } = this.#options
    const look = ['port', id, `${port}/tcp`]
    const text = await requireProgram(program, look, { timeout: managementTimeout, signal })
    const published = Number(/:(\d{1,5})\s*$/m.exec(text)?.[1])
    if (!(published > 0 && published < 65_536))
      throw new TemperError(
        'tool-failed',
        `docker published no port for ${port}/tcp: ${printableLine(text)}`,
        {
          hint: 'Run "docker port" by hand to see more.',
          details: { program, args: look },
        },
      )
    this.#published.set(port, published)
    return published
  }

  async #remove(): Promise<void> {
    const { program, id, kind } = this.#options
    const atOnce = kind === 'podman' ? ['--time=0'] : []
    await runProgram(program, ['rm', '--force', '--volumes', ...atOnce, id], { timeout: managementTimeout })
  }
}
