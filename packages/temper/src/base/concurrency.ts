/**
 * Maps with at most `limit` calls under way; results keep the order of `items`. After an error nothing new starts; the
 * first error is thrown when nothing runs any more, so that files and stores in use can be closed and removed.
 */
export async function mapLimit<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  const errors: unknown[] = []
  const worker = async () => {
    while (next < items.length && errors.length === 0) {
      const index = next++
      try {
        results[index] = await map(items[index] as T, index)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  if (errors.length > 0) throw errors[0]
  return results
}

/** The same, starting with the largest item, so that whatever is still running at the end is small. */
export async function mapLargestFirst<T, R>(
  items: readonly T[],
  options: { readonly limit: number; readonly sizeOf: (item: T) => number },
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const order = items
    .map((item, index) => ({ item, index, size: options.sizeOf(item) }))
    .sort((a, b) => b.size - a.size)
  const results = new Array<R>(items.length)
  await mapLimit(order, options.limit, async ({ item, index }) => {
    results[index] = await map(item)
  })
  return results
}

/** A function that runs `make` once per key at a time: concurrent callers share the promise. */
export function singleFlight<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const pending = new Map<string, Promise<T>>()
  return (key, make) => {
    const running = pending.get(key)
    if (running) return running
    const promise = make().finally(() => pending.delete(key))
    pending.set(key, promise)
    return promise
  }
}
