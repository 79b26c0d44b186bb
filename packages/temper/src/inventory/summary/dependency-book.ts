/** Finds the components behind the names that others depend on. */
export class DependencyBook {
  readonly #providers = new Map<string, string>()

  /** The first component with a name counts, so a package's own name has to be added before those that it provides. */
  add(purl: string, names: readonly string[]): void {
    for (const name of names) if (!this.#providers.has(name)) this.#providers.set(name, purl)
  }

  /** purls for lists of alternatives, of each list the first that is there; sorted, without `self`. */
  resolve(needs: readonly (readonly string[])[], self: string): string[] {
    const purls = new Set<string>()
    for (const choices of needs) {
      const name = choices.find((choice) => this.#providers.has(choice))
      const purl = name === undefined ? undefined : this.#providers.get(name)
      if (purl !== undefined && purl !== self) purls.add(purl)
    }
    return [...purls].sort()
  }
}
