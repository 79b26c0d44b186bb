import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Entry {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly optional?: boolean
  readonly dependencies?: Names
  readonly optionalDependencies?: Names
}

type Names = Readonly<Record<string, string>>

interface PackageLock {
  readonly packages: Readonly<Record<string, Entry>>
}

/** Packages that the recipe takes from where Temper is installed. */
const own = ['temper', 'server'] as const

/**
 * The lock beside the recipe of Temper's own image: what its packages need to run, as the repository locks it, and the Node of the
 * catalogue. Throws for what is locked without a digest.
 */
export function ownLock(root: string): string {
  const { packages } = read(join(root, 'package-lock.json'))
  const node = read(join(root, 'catalog/node/24/package-lock.json')).packages
  const places = new Map<string, Entry>()
  const direct = new Map<string, string>()
  for (const name of own) gather(`packages/${name}`)
  for (const [place, entry] of Object.entries(node)) if (place !== '') places.set(place, entry)
  const inOrder = [...places].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const top = {
    name: 'temper-image',
    license: 'Apache-2.0',
    dependencies: Object.fromEntries([...direct].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    optionalDependencies: node['']?.optionalDependencies,
  }
  const lock = {
    name: 'temper-image',
    lockfileVersion: 3,
    requires: true,
    packages: { '': top, ...Object.fromEntries(inOrder) },
  }
  return `${JSON.stringify(lock, undefined, 2)}\n`

  function gather(from: string): void {
    const { dependencies = {}, optionalDependencies = {} } = packages[from] ?? {}
    for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      if (own.some((each) => name === `@temper-images/${each}`)) continue
      const place = placeOf(name, from)
      const entry = place === undefined ? undefined : packages[place]
      if (place === undefined || entry === undefined) {
        if (Object.hasOwn(optionalDependencies, name)) continue
        throw new Error(`package-lock.json: ${from} needs ${name}, which is not locked`)
      }
      if (from.startsWith('packages/')) direct.set(name, range)
      if (places.has(place)) continue
      if (entry.integrity === undefined || entry.resolved !== undefined)
        throw new Error(`package-lock.json: ${place} is locked without a digest, or with an address`)
      places.set(place, entry)
      gather(place)
    }
  }

  /** Where Node finds a package that is asked for in a folder: in node_modules there, else above. */
  function placeOf(name: string, from: string): string | undefined {
    for (
      let at = from;
      at !== '';
      at = at.includes('/node_modules/') ? at.replace(/\/node_modules\/(?:@[^/]+\/)?[^/]+$/, '') : ''
    )
      if (packages[`${at}/node_modules/${name}`] !== undefined) {
        if (at.startsWith('packages/'))
          throw new Error(`package-lock.json: ${name} has a version of its own in ${at}`)
        return `${at}/node_modules/${name}`
      }
    return packages[`node_modules/${name}`] === undefined ? undefined : `node_modules/${name}`
  }
}

function read(file: string): PackageLock {
  return JSON.parse(readFileSync(file, 'utf8'))
}
