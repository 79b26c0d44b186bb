import { setTimeout as delay } from 'node:timers/promises'
import type { ContainerResult } from '../model/container.ts'
import { type ProcessOptions, Program } from './runc/process.ts'

export interface ForegroundOptions extends Omit<ProcessOptions, 'end'> {
  /** Removes the container from the runtime; without harm when it is not there. */
  readonly remove: () => Promise<void>
}

/** A program that makes a container and stays until that ends, and how to be sure that both are gone. */
export class Foreground {
  readonly done: Promise<ContainerResult>
  readonly #program: Program
  readonly #remove: () => Promise<void>
  #ending: Promise<void> | undefined

  constructor(program: string, args: readonly string[], options: ForegroundOptions) {
    const { remove, ...others } = options
    this.#remove = remove
    this.#program = new Program(program, args, { ...others, end: remove })
    this.done = this.#program.done
  }

  /** Set once the container has ended. */
  get ended(): ContainerResult | undefined {
    return this.#program.result
  }

  /** Ends the container at whatever point of its life it is. */
  async end(): Promise<ContainerResult> {
    this.#ending ??= this.#end()
    await this.#ending
    return this.ended ?? { exitCode: undefined, output: this.#program.output }
  }

  async #end(): Promise<void> {
    // It ended by itself, and its runtime has tidied up after it.
    if (this.ended?.exitCode !== undefined) return
    await this.#remove()
    await Promise.race([this.#settled(), delay(2000)])
    if (this.ended?.exitCode !== undefined) return
    // It may have been about to make the container when there was nothing to remove yet.
    this.#program.kill()
    await this.#settled()
    await this.#remove()
  }

  async #settled(): Promise<void> {
    await this.done.catch(() => {
      // Stopped by the signal: whoever waits for `done` hears of it.
    })
  }
}
