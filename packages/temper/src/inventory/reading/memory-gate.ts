/** Files up to this are held without waiting. */
const freeSize = 4 << 20

/**
 * Lets one large file at a time be held in memory, however many layers are read at once. The function waits for
 * its turn and gives the function that ends it.
 */
export function memoryGate(): (size: number) => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return async (size) => {
    if (size <= freeSize) return () => {}
    const before = last
    let open = () => {}
    last = new Promise((resolve) => {
      open = resolve
    })
    await before
    return open
  }
}
