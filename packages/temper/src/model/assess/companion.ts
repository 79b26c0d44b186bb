/** Annotation and label of a debug image: the manifest digest of the image that it is for. */
export const debugOfKey = 'io.temper.debug-of'

/** Annotation and label: the last day on which an image may be used, YYYY-MM-DD. */
export const expiresKey = 'io.temper.expires'

/**
 * Whether the day that an image names is over. Anything that is not a day counts as over, since it does not show that
 * the image may still be used.
 */
export function isExpired(expires: string, now: Date): boolean {
  const day = /^\d{4}-\d\d-\d\d/.exec(expires)?.[0]
  return day === undefined || day < now.toISOString().slice(0, 10)
}
