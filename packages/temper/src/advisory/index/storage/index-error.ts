import { TemperError } from '../../../base/error.ts'

/** The error for an index that cannot be used, with what to do. */
export function badIndexFile(path: string, found: string): TemperError {
  return new TemperError('bad-index', `${path}: not a usable index of advisories: ${found}`, {
    hint: 'It is damaged, or was written by another version of Temper, and has to be rebuilt.',
    next: { action: 'update-feeds' },
    details: { path },
  })
}
