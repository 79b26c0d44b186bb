import type { Fuel } from './fuel.ts'
import type { Status, Value } from './world.ts'

/** Longest output that is kept; longer becomes unknown. */
const maximumLength = 1 << 18

/** Standard input and output of the present command, as far as they are known. */
export class Streams {
  input: Value
  #output: { text: Value } | undefined
  readonly #fuel: Fuel

  constructor(fuel: Fuel) {
    this.#fuel = fuel
  }

  /** Adds to standard output. Outside `captured` it goes nowhere. */
  emit(text: Value): void {
    const output = this.#output
    if (!output) return
    if (text === undefined || output.text === undefined || output.text.length + text.length > maximumLength) {
      output.text = undefined
    } else output.text += text
    this.#fuel.spend(text?.length ?? 0)
  }

  /** Runs something and takes its output. */
  captured(body: () => Status): { readonly status: Status; readonly output: Value } {
    const outer = this.#output
    const mine: { text: Value } = { text: '' }
    this.#output = mine
    const status = body()
    this.#output = outer
    return { status, output: mine.text }
  }
}
