import { TemperError } from '../../base/error.ts'

/** `bad-archive`: `reason` completes "NAME: not a valid rpm database: ". */
export function badDatabase(what: string, reason: string): TemperError {
  return new TemperError('bad-archive', `${what}: not a valid rpm database: ${reason}`)
}

/** Most packages of a database. */
export const packageLimit = 200_000

/** Most bytes of one package's header; rpm's own limit is 256 MiB (lib/header.cc). */
export const blobLimit = 64 << 20

export function tooManyPackages(what: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: more than ${packageLimit} packages`)
}
