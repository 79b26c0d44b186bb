/** A right to something in a repository (the Docker token specification, "Resource Scope"). */
export interface Scope {
  readonly repository: string
  readonly actions: readonly ('pull' | 'push')[]
  /** The request also works without it, so it must not get in the way of the rest. */
  readonly optional?: boolean
}

const mostScopes = 100

/** The rights that tokens are requested with: one scope for each repository, with all actions that were ever wanted. */
export class Scopes {
  readonly #actions = new Map<string, Set<string>>()
  readonly #optional = new Set<string>()
  readonly #dropped = new Set<string>()

  /** False when it was there already. */
  add(scope: Scope): boolean {
    const key = `repository:${scope.repository}`
    if (scope.optional === true && this.#dropped.has(key)) return false
    const added = this.#merge(key, scope.actions)
    if (added && scope.optional === true) this.#optional.add(key)
    else if (scope.optional !== true) this.#optional.delete(key)
    return added
  }

  /** Adds what a challenge names: "repository:team/nginx:pull registry:catalog:*". */
  addText(text: string): void {
    for (const each of text.split(' ')) {
      const colon = each.lastIndexOf(':')
      const key = each.slice(0, colon)
      if (colon > 0 && this.#actions.size < mostScopes && !this.#dropped.has(key))
        this.#merge(key, each.slice(colon + 1).split(','))
    }
  }

  /** Drops the optional scopes. False when there were none. */
  dropOptional(): boolean {
    for (const key of this.#optional) {
      this.#actions.delete(key)
      this.#dropped.add(key)
    }
    const dropped = this.#optional.size > 0
    this.#optional.clear()
    return dropped
  }

  /** The scopes as the token service takes them. */
  list(): string[] {
    return [...this.#actions].map(([key, actions]) => `${key}:${[...actions].sort().join(',')}`)
  }

  #merge(key: string, actions: readonly string[]): boolean {
    const known = this.#actions.get(key) ?? new Set<string>()
    const before = known.size
    for (const action of actions) if (action !== '') known.add(action)
    this.#actions.set(key, known)
    return known.size > before
  }
}
