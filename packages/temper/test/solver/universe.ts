import { below, chosen, randomNumbers } from '../support/random.ts'

/** A made-up package: relations in words of no distribution, "name" or "name relation version". */
export interface MadePackage {
  readonly name: string
  readonly version: string
  readonly depends: readonly (readonly Need[])[]
  readonly conflicts: readonly Need[]
  readonly breaks: readonly Need[]
  readonly provides: readonly Need[]
  /** Higher comes first among those that provide the same. */
  readonly priority?: number
  /** Comes along when all of these are there. */
  readonly installIf?: readonly Need[]
}

export interface Need {
  readonly name: string
  readonly relation?: '<' | '<=' | '=' | '>=' | '>'
  readonly version?: string
}

export interface UniverseOptions {
  readonly seed: number
  /** Names begin with it, so that many universes can lie in one index. */
  readonly prefix: string
  readonly versions: readonly string[]
  /** How many alternatives a dependency may have. */
  readonly alternatives: number
  readonly withPriorities?: boolean
}

/** A few packages with everything that can be between packages. The same seed gives the same. */
export function makeUniverse({
  seed,
  prefix,
  versions,
  alternatives,
  withPriorities,
}: UniverseOptions): readonly MadePackage[] {
  const random = randomNumbers(seed)
  const real = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => prefix + name)
  const virtual = ['v', 'w'].map((name) => prefix + name)
  const some = <T>(most: number, make: () => T): readonly T[] =>
    Array.from({ length: below(most + 1, random) }, make)
  const need = (): Need => {
    const name = chosen(random() < 0.7 ? real : virtual, random)
    if (random() < 0.7) return { name }
    return {
      name,
      relation: chosen(['<', '<=', '=', '>=', '>'] as const, random),
      version: chosen(versions, random),
    }
  }
  const provision = (): Need => {
    const name = chosen(random() < 0.85 ? virtual : real, random)
    return random() < 0.5 ? { name } : { name, relation: '=', version: chosen(versions, random) }
  }
  const packages = new Map<string, MadePackage>()
  for (let left = 4 + below(8, random); left > 0; left--) {
    const [name, version] = [chosen(real, random), chosen(versions, random)]
    packages.set(`${name} ${version}`, {
      name,
      version,
      depends: some(3, () => some(alternatives - 1, need).concat(need())),
      conflicts: random() < 0.25 ? [need()] : [],
      breaks: random() < 0.2 ? [need()] : [],
      provides: (random() < 0.35 ? [provision()] : []).filter((provided) => provided.name !== name),
      ...(withPriorities === true && random() < 0.4 ? { priority: chosen([1, 10, 100], random) } : {}),
    })
  }
  return [...packages.values()]
}

/** Names that at least one package has, at most three of them. */
export function someNames(packages: readonly MadePackage[], seed: number): readonly string[] {
  const random = randomNumbers(seed)
  const names = [...new Set(packages.map(({ name }) => name))].sort()
  return [...new Set(Array.from({ length: 1 + below(3, random) }, () => chosen(names, random)))]
}
