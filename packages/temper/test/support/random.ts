/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of them; there must be one. */
export function chosen<T>(all: readonly T[], random: () => number): T {
  return all[Math.floor(random() * all.length)] as T
}

/** A whole number from 0 on, below `end`. */
export function below(end: number, random: () => number): number {
  return Math.floor(random() * end)
}
