import { TemperError } from '../../base/error.ts'

/** A `bad-archive` error. `reason` completes "NAME: not a valid rpm database: ". */
export function badDatabase(what: string, reason: string): TemperError {
  return new TemperError('bad-archive', `${what}: not a valid rpm database: ${reason}`)
}

/** Limit on the packages of a database. */
export const packageLimit = 200_000

/** Limit on the bytes of one package's header; rpm's own is 256 MiB (lib/header.cc). */
export const blobLimit = 64 << 20

export function tooManyPackages(what: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: more than ${packageLimit} packages`)
}
