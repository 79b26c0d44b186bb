import { sql } from 'kysely'
import { z } from 'zod'
import { covers } from '../auth/principal.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { describe } from '../recipes/recipes.ts'

/** The owner of a project's images. */
export const ownerSchema = z.strictObject({
  /** An image and all below it; "*" for every image. */
  project: z.string().min(1).max(255),
  /** As Backstage names it: "team-shop", "group:default/team-shop". */
  owner: z
    .string()
    .max(200)
    .regex(
      /^(?:[a-z]+:)?(?:[a-z0-9][\w.-]*\/)?[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/,
      'expected a name like "team-shop" or "group:default/team-shop"',
    ),
})
export type Owner = z.output<typeof ownerSchema>

export const lifecycles = ['experimental', 'production', 'deprecated'] as const
export type Lifecycle = (typeof lifecycles)[number]

/** Who is named where the settings name nobody. */
const nobody = 'unknown'

export interface OwnedImage {
  readonly name: string
  readonly owner: string
  readonly lifecycle: Lifecycle
  /** The last day of support that its recipe names. */
  readonly endOfLife: string | null
  /** Tags of the stable channel, with the digests that they name now. */
  readonly tags: readonly string[]
  readonly digest: string | null
  readonly extends: string | null
}

/**
 * Each image that has a recipe, with its owner, by the most specific of the settings, and its lifecycle. An image
 * without a stable tag is experimental; one without a recipe, or whose support has ended, should not be used for
 * anything new.
 */
export async function ownedImages(world: FactoryWorld): Promise<readonly OwnedImage[]> {
  const { db, now, log } = world
  const recipes = await db.selectFrom('recipes').selectAll().orderBy('name').execute()
  const tags = await db
    .selectFrom('tags')
    .select(['name', 'tag', 'digest'])
    .where('channel', '=', 'stable')
    .orderBy(sql`moved desc`)
    .orderBy('tag')
    .execute()
  const byName = Map.groupBy(tags, ({ name }) => name)
  const today = now().toISOString().slice(0, 10)
  const all = recipes.map(async (recipe): Promise<OwnedImage> => {
    const { name, removed } = recipe
    const own = byName.get(name) ?? []
    const described = removed
      ? undefined
      : await describe(world, recipe).catch((error: unknown) => {
          log.warn({ err: error, name }, 'a recipe cannot be read')
          return undefined
        })
    const endOfLife = described?.endOfLife ?? null
    const isOver = removed || (endOfLife !== null && endOfLife < today)
    return {
      name,
      endOfLife,
      extends: recipe.extends,
      owner: ownerOf(world.owners, name),
      lifecycle: isOver ? 'deprecated' : own.length === 0 ? 'experimental' : 'production',
      tags: own.map(({ tag }) => tag).sort(),
      digest: own[0]?.digest ?? null,
    }
  })
  return await Promise.all(all)
}

/** The longest project that covers an image says whose it is. */
function ownerOf(owners: readonly Owner[], image: string): string {
  const [best] = owners
    .filter(({ project }) => covers(project, image))
    .sort(
      (a, b) => Number(a.project === '*') - Number(b.project === '*') || b.project.length - a.project.length,
    )
  return best?.owner ?? nobody
}
