import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'

/** The name of a blob in errors: "blob sha256:0123456789ab… in oci:out/nginx". */
export function blobIn(digest: Digest, place: string): string {
  return `${digest} in ${place}`
}

export function noSuchName(name: string, place: string, known: readonly string[]): TemperError {
  const hint =
    known.length === 0
      ? 'Nothing has a name there yet. Check the reference, or build or push the image first.'
      : `It has: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ` and ${known.length - 10} more` : ''}.`
  return new TemperError('not-found', `No image "${name}" in ${place}`, { hint, details: { name, place } })
}

export function noSuchBlob(digest: Digest, place: string): TemperError {
  return new TemperError('not-found', `No ${blobIn(digest, place)}`, {
    hint: 'The image is incomplete here. Copy or build it again.',
    details: { digest, place },
  })
}

/** Whether a registry refused something that it would refuse again, and not because of a missing login. */
export function isRefusal(error: unknown): error is TemperError {
  const status = error instanceof TemperError ? error.details['status'] : undefined
  if (typeof status !== 'number') return false
  return status === 501 || (status >= 400 && status < 500 && ![401, 408, 429].includes(status))
}
