/** Largest id that Linux gives out: the one above means "none". */
const largest = 2 ** 32 - 2

/** The id of a user or group in decimal, as images and account files write it; undefined for names. */
export function accountId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= largest ? Number(text) : undefined
}
