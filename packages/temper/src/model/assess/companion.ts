/** Annotation and label of an image for looking into another one: the digest of that one's manifest. */
export const debugOfKey = 'io.temper.debug-of'

/** Annotation and label: the last day on which an image may be used, YYYY-MM-DD. */
export const expiresKey = 'io.temper.expires'

/** Whether the day that an image names is over; anything but a day is: nobody can say that it may still be used. */
export function isExpired(expires: string, now: Date): boolean {
  const day = /^\d{4}-\d\d-\d\d/.exec(expires)?.[0]
  return day === undefined || day < now.toISOString().slice(0, 10)
}
