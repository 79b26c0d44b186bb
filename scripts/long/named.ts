/**
 * Those of `all` whose names are among `names`; all when none is named. Throws for a name that none of them has: a run of nothing
 * would pass.
 */
export function named<T>(
  all: readonly T[],
  names: readonly string[],
  nameOf: (each: T) => string,
): readonly T[] {
  const known = new Set(all.map(nameOf))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(`nothing here is called ${unknown.join(', ')}; there is ${[...known].join(', ')}`)
  return names.length === 0 ? all : all.filter((each) => names.includes(nameOf(each)))
}
