import { readFile } from 'node:fs/promises'
import type { FactoryWorld } from '../factory/world.ts'
import { TemperError } from '../temper.ts'
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
  readonly world: FactoryWorld
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
