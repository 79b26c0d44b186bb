import type { FactoryWorld } from '../factory/world.ts'
import { describe, folderOf, inFolder } from '../recipes/recipes.ts'
import { certify } from '../temper.ts'
import type { Scanned } from './judge.ts'
import { layoutOf, lockFile, type Workplace } from './places.ts'

/**
 * Replaces what the build says about itself by what the service knows: provenance is written here, from the ordered
 * recipe and lock and the digests of the result; a bill of materials that hides something fails the build.
 */
export async function certifyBuilt(
  world: FactoryWorld,
  place: Workplace,
  { digest, scanned }: { readonly digest: string; readonly scanned: Scanned },
): Promise<void> {
  const { recipe } = place
  const { steps } = await describe(world, recipe)
  const { dropped } = await certify(
    {
      target: recipe.path,
      layout: layoutOf(place),
      digest: digest as `sha256:${string}`,
      lock: lockFile(place),
      found: scanned.found,
      // Nothing of anybody else's ran.
      ownBuild: world.workers === undefined && steps === 0,
    },
    { ...inFolder(world, folderOf(world, recipe)), builderId: builderOf(world) },
  )
  if (dropped.length > 0)
    place.onLine(`what the build said about itself is not published: ${dropped.join(', ')}`)
}

/** A builder of its own for each way of building: who trusts builds that are kept apart does not trust others with them (SLSA, `builder.id`). */
function builderOf({
  registry,
  isolation,
  workers,
}: Pick<FactoryWorld, 'registry' | 'isolation' | 'workers'>): string {
  const factory = `urn:temper:factory:${registry.knownAs()}`
  if (workers !== undefined) return `${factory}:workers`
  return isolation.level === 'sandbox' ? factory : `${factory}:not-isolated`
}
