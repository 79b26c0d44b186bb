import { z } from 'zod'
import { type Component, parseJson, TemperError } from '../temper.ts'

/** As much of a lock as the service looks at; the commands that read it check the rest. */
const lock = z.looseObject({
  suites: z.array(z.looseObject({ digest: z.string() })),
  platforms: z
    .array(
      z.looseObject({
        platform: z.string(),
        base: z.looseObject({}).exactOptional(),
        packages: z.array(
          z.looseObject({
            name: z.string(),
            version: z.string(),
            source: z.looseObject({ name: z.string(), version: z.string() }),
          }),
        ),
      }),
    )
    .min(1),
})

export type ReadLock = z.output<typeof lock>

/** A lock as a build, a worker or a forge hands it over. Throws `bad-lock` for text that is not JSON. */
export function readLock(text: string): ReadLock {
  const refuse = (found: string) => new TemperError('bad-lock', `the lock: expected JSON, found ${found}`)
  return lock.parse(parseJson(text, { where: 'the lock', depth: 64, refuse }))
}

/** Whether two locks choose the same packages. The files of their recipes and their suites may differ. */
export function choosesSame(a: ReadLock, b: ReadLock): boolean {
  return JSON.stringify(chosen(a)) === JSON.stringify(chosen(b))
}

function chosen({ platforms }: ReadLock): readonly string[] {
  return platforms.flatMap(({ platform, packages }) =>
    packages.map(({ name, version }) => `${platform} ${name} ${version}`),
  )
}

/** The contents of a built image by platform, and the digests that it is known by. */
export interface BuiltContents {
  readonly found: ReadonlyMap<string, readonly Pick<Component, 'type' | 'name' | 'version'>[]>
  /** Digests of the image, and of its platforms' manifests and configurations. */
  readonly ids: readonly string[]
}

const ofDistributions: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm'])

/**
 * The first difference between an image and its lock; undefined when there is none. Differences are platforms that
 * nobody reported, packages that are missing or have another version, and packages that the lock does not name.
 * Packages of a base are not compared.
 */
export function otherThanLocked({ platforms }: ReadLock, { found, ids }: BuiltContents): string | undefined {
  const names = platforms.map(({ platform }) => platform).sort()
  const built = [...found.keys()].sort()
  if (names.join() !== built.join())
    return `it is for ${built.join(', ')}, and the lock for ${names.join(', ')}`
  // Of an index each platform has a manifest and a configuration.
  if (ids.length > 1 + 2 * names.length) return 'it has more platforms than the lock'
  for (const { platform, packages, base } of platforms) {
    const held = new Map<string, Set<string>>()
    for (const { type, name, version } of found.get(platform) ?? [])
      if (ofDistributions.has(type)) held.set(name, (held.get(name) ?? new Set()).add(version))
    for (const { name, version } of packages) {
      const has = held.get(name)
      if (has === undefined) return `it lacks ${name} ${version}`
      if (!has.has(version)) return `it has ${name} ${[...has].join(', ')}, and the lock ${version}`
    }
    const wanted = new Set(packages.map(({ name }) => name))
    const more = base === undefined ? [...held.keys()].filter((name) => !wanted.has(name)).sort() : []
    if (more.length > 0) return `it has ${more.slice(0, 5).join(', ')}, which the lock does not have`
  }
  return undefined
}
