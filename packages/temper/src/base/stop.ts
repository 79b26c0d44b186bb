import { TemperError } from './error.ts'

/** Ends work that the person has stopped. To be called between two steps. Throws `interrupted`. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TemperError('interrupted', 'Stopped before the work was finished')
}
