import type { BuildStep, StepName } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import type { BuildLog } from './log.ts'
import { freshSteps, updateBuild } from './records.ts'

/** A step that is skipped, and why. */
export class Skipped {
  readonly why: string

  constructor(why: string) {
    this.why = why
  }
}

/** The steps of one build, recorded as they happen. */
export class Steps {
  readonly #world: Pick<FactoryWorld, 'db' | 'now'>
  readonly #build: string
  readonly #log: BuildLog
  #steps: readonly BuildStep[] = freshSteps()

  constructor(world: Pick<FactoryWorld, 'db' | 'now'>, build: string, log: BuildLog) {
    this.#world = world
    this.#build = build
    this.#log = log
  }

  get all(): readonly BuildStep[] {
    return this.#steps
  }

  /** Performs a step. What it returns besides its value is recorded with it. */
  async run<T>(
    name: StepName,
    work: () => Promise<T>,
    { note }: { readonly note?: (value: Exclude<T, Skipped>) => string | undefined } = {},
  ): Promise<T> {
    const begun = performance.now()
    const seconds = () => Math.round(performance.now() - begun) / 1000
    await this.#set({ name, state: 'running', seconds: null })
    this.#log.add(`== ${name}`, this.#world.now())
    try {
      const value = await work()
      const told = value instanceof Skipped ? value.why : note?.(value as Exclude<T, Skipped>)
      const state = value instanceof Skipped ? 'skipped' : 'done'
      await this.#set({ name, state, seconds: seconds(), ...(told === undefined ? {} : { note: told }) })
      return value
    } catch (error) {
      const told = (error as Error).message.slice(0, 2000)
      this.#log.add(told, this.#world.now())
      await this.#set({ name, state: 'failed', seconds: seconds(), note: told })
      throw error
    }
  }

  /** Marks the remaining steps as not needed. */
  async skipRest(why: string): Promise<void> {
    this.#steps = this.#steps.map((step) =>
      step.state === 'waiting' ? { ...step, state: 'skipped', note: why } : step,
    )
    await updateBuild(this.#world, this.#build, { steps: this.#steps })
  }

  async #set(step: BuildStep): Promise<void> {
    this.#steps = this.#steps.map((each) => (each.name === step.name ? step : each))
    await updateBuild(this.#world, this.#build, { steps: this.#steps })
  }
}
