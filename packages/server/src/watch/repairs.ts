import type { ReadLock } from '../builds/lock.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { findingsAgainst, type ImageFinding } from '../images/findings.ts'
import type { KeptPackage } from '../images/packages.ts'
import type { Repair } from './reason.ts'

/**
 * The findings of an image that a new lock repairs: those of packages that the lock has in another version without
 * them, or not at all.
 */
export async function repairsOf(
  world: FactoryWorld,
  image: { readonly installed: readonly KeptPackage[]; readonly findings: readonly ImageFinding[] },
  lock: ReadLock,
): Promise<readonly Repair[]> {
  const locked = new Map(
    lock.platforms.flatMap(({ packages }) => packages.map((each) => [each.name, each] as const)),
  )
  const affected = new Set(image.findings.map((each) => each.package))
  const changed = image.installed.filter(({ component }) => {
    const now = locked.get(component.name)
    // What is not of the distribution is not in the lock.
    return (
      affected.has(component.name) && isOfDistribution(component.type) && now?.version !== component.version
    )
  })
  const renewed = changed.flatMap(({ id, component }): KeptPackage[] => {
    const now = locked.get(component.name)
    if (now === undefined) return []
    const { name, version } = now.source
    return [
      {
        id: `new ${id}`,
        component: {
          ...component,
          version: now.version,
          purl: component.purl.replace(
            encodeURIComponent(component.version),
            encodeURIComponent(now.version),
          ),
          source: { name, version },
        },
      },
    ]
  })
  const names = new Map(renewed.map(({ id, component }) => [id, component.name]))
  const left = new Set(
    (await findingsAgainst(world, renewed)).map(
      ({ advisory, package: id }) => `${advisory} ${names.get(id)}`,
    ),
  )
  const moved = new Set(changed.map(({ component }) => component.name))
  return image.findings
    .filter((each) => moved.has(each.package) && !left.has(`${each.advisory} ${each.package}`))
    .map((each) => ({
      advisory: each.advisory,
      package: each.package,
      source: each.source,
      version: locked.get(each.package)?.source.version,
      severity: each.severity,
      exploited: each.exploited,
    }))
}

function isOfDistribution(type: string): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm'
}
