import { TemperError } from '../../../base/error.ts'

/** An index that cannot be used, and what to do. */
export function badIndexFile(path: string, found: string): TemperError {
  return new TemperError('bad-index', `${path}: not a usable index of advisories: ${found}`, {
    hint: 'It is damaged or of another version of Temper. Build it anew with: temper feeds update (or temper feeds import)',
    details: { path },
  })
}
