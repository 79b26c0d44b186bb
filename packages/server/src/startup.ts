/** What a service that starts is waiting for: told to whoever asks whether it is ready. */
export class Startup {
  readonly #open = new Set<string>()
  #isOver = false

  /** `part` says, after "waiting for", what is being done. */
  async waitFor<T>(part: string, work: Promise<T>): Promise<T> {
    this.#open.add(part)
    try {
      return await work
    } finally {
      this.#open.delete(part)
    }
  }

  /** Everything is there. */
  end(): void {
    this.#isOver = true
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get waitsFor(): readonly string[] {
    return [...this.#open]
  }
}

/**
 * The values of parts that are opened at the same time. When one fails, the others are awaited and those that came to
 * be are closed with `close`; then the first error is thrown.
 */
export async function allOrNone<T extends Readonly<Record<string, Promise<unknown>>>>(
  parts: T,
  close: (opened: { readonly [K in keyof T]?: Awaited<T[K]> }) => Promise<void>,
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  const names = Object.keys(parts)
  const works = Object.values(parts)
  try {
    return asRecord<T>(names, await Promise.all(works))
  } catch (error) {
    const settled = await Promise.allSettled(works)
    const values = settled.map((each) => (each.status === 'fulfilled' ? each.value : undefined))
    await close(asRecord<T>(names, values))
    throw error
  }
}

function asRecord<T>(
  names: readonly string[],
  values: readonly unknown[],
): { readonly [K in keyof T]: Awaited<T[K]> } {
  return Object.fromEntries(names.map((name, i) => [name, values[i]])) as {
    readonly [K in keyof T]: Awaited<T[K]>
  }
}
