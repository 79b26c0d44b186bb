import { machines, type PythonEnvironment } from './environment.ts'

/**
 * The compatibility tags of wheels that a Python can use, the best first (PyPA, "Platform compatibility tags"): of CPython,
 * its stable ABI, then those of pure Python.
 */
export function supportedTags({ minor, libc, architecture }: PythonEnvironment): readonly string[] {
  const platforms = platformsOf(libc, machines[architecture])
  const tags: string[] = []
  const add = (interpreter: string, abi: string, all: readonly string[]) => {
    for (const platform of all) tags.push(`${interpreter}-${abi}-${platform}`)
  }
  add(`cp3${minor}`, `cp3${minor}`, platforms)
  add(`cp3${minor}`, 'abi3', platforms)
  add(`cp3${minor}`, 'none', platforms)
  for (let older = minor - 1; older >= 2; older--) add(`cp3${older}`, 'abi3', platforms)
  const pure = [`py3${minor}`, 'py3', ...Array.from({ length: minor }, (_, i) => `py3${minor - 1 - i}`)]
  for (const interpreter of pure) add(interpreter, 'none', platforms)
  add(`cp3${minor}`, 'none', ['any'])
  for (const interpreter of pure) add(interpreter, 'none', ['any'])
  return tags
}

/** Of PEP 600 and 656, the newest C library first; what was named before that ends the list. */
function platformsOf({ name, major, minor }: PythonEnvironment['libc'], machine: string): readonly string[] {
  const oldest = name === 'musl' ? 0 : machine === 'x86_64' ? 5 : 17
  const family = name === 'musl' ? 'musllinux' : 'manylinux'
  const legacy: Readonly<Record<number, string>> =
    name === 'musl'
      ? {}
      : { 17: 'manylinux2014', ...(machine === 'x86_64' ? { 12: 'manylinux2010', 5: 'manylinux1' } : {}) }
  const platforms: string[] = []
  for (let at = minor; at >= oldest; at--) {
    platforms.push(`${family}_${major}_${at}_${machine}`)
    const old = legacy[at]
    if (old !== undefined) platforms.push(`${old}_${machine}`)
  }
  return [...platforms, `linux_${machine}`]
}

export interface WheelName {
  /** As in `normalisedName`. */
  readonly name: string
  readonly version: string
  /** Digits of the build tag; 0 without one. */
  readonly build: number
  readonly tags: readonly string[]
}

/** What the name of a wheel says (PyPA, "Binary distribution format"); undefined when it is none. */
export function parseWheelName(file: string): WheelName | undefined {
  if (file.length > 300 || !file.endsWith('.whl')) return undefined
  const parts = file.slice(0, -4).split('-')
  if (parts.length !== 5 && parts.length !== 6) return undefined
  const [name = '', version = ''] = parts
  // Tags are compared without case (packaging.tags).
  const [interpreters = '', abis = '', platforms = ''] = parts.slice(-3).map((part) => part.toLowerCase())
  const build = parts.length === 6 ? /^(\d{1,9})/.exec(parts[2] ?? '')?.[1] : '0'
  if (build === undefined || name === '' || version === '') return undefined
  const tags = interpreters
    .split('.')
    .flatMap((interpreter) =>
      abis
        .split('.')
        .flatMap((abi) => platforms.split('.').map((platform) => `${interpreter}-${abi}-${platform}`)),
    )
  if (tags.length > 500) return undefined
  return { name: normalisedName(name), version: version.replaceAll('_', '-'), build: Number(build), tags }
}

/** PyPA, "Names and normalization". */
export function normalisedName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
}

/** The best of some wheels for a Python; undefined when it can use none. */
export function bestWheel<T extends { readonly name: string }>(
  files: readonly T[],
  environment: PythonEnvironment,
): T | undefined {
  const ranks = new Map(supportedTags(environment).map((tag, rank) => [tag, rank]))
  const ranked = files.flatMap((file) => {
    const parsed = parseWheelName(file.name)
    const rank = Math.min(...(parsed?.tags ?? []).map((tag) => ranks.get(tag) ?? Number.POSITIVE_INFINITY))
    return parsed === undefined || rank === Number.POSITIVE_INFINITY
      ? []
      : [{ file, rank, build: parsed.build }]
  })
  ranked.sort((a, b) => a.rank - b.rank || b.build - a.build || (a.file.name < b.file.name ? -1 : 1))
  return ranked[0]?.file
}
