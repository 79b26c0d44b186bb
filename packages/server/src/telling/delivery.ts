import { readFile } from 'node:fs/promises'
import type { FactoryWorld } from '../factory/world.ts'
import { type Context, TemperError } from '../temper.ts'
import type { FactoryEvent } from './event.ts'

/** An event on its way to one channel. */
export interface Delivery {
  /** Stays the same when it is sent again. */
  readonly id: string
  readonly event: FactoryEvent
  readonly at: Date
  readonly now: Date
  /** What the channel opened for this image and kind before: the number of an issue. */
  readonly opened: string | null
  /** Of several who are told, those who were at an earlier attempt. */
  readonly told: readonly string[]
  /** What TLS with a host and port trusts; undefined for what Node does. */
  readonly secureContextFor: Context['secureContextFor']
  readonly world: FactoryWorld
}

/** Some of several were told, and others not, for whatever reason the error before gives. */
export class PartlyTold extends TemperError {
  readonly told: readonly string[]

  constructor(why: TemperError, { told }: { readonly told: readonly string[] }) {
    const { code, message, hint } = why
    super(code, `${message} (it was taken for ${told.join(', ')})`, {
      cause: why,
      ...(hint === undefined ? {} : { hint }),
    })
    this.told = told
  }
}

/** The secret that a file holds. Throws `bad-configuration`. */
export async function secretIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new TemperError('bad-configuration', `The secret ${path} cannot be read: ${error.message}`)
  })
  const secret = text.trim()
  if (secret !== '') return secret
  throw new TemperError('bad-configuration', `The secret ${path} is empty`)
}
