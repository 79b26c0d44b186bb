/** Counts the packages that a lock keeps for development only, each name once. */
export class DevelopmentCount {
  readonly #names = new Set<string>()

  get count(): number {
    return this.#names.size
  }

  /** Whether a package is left out as a development package. */
  takes({ name, isDevelopment }: { readonly name: string; readonly isDevelopment: boolean }): boolean {
    if (isDevelopment) this.#names.add(name)
    return isDevelopment
  }
}
