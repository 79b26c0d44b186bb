import { orderBuild } from '../builds/records.ts'
import type { FactoryWorld } from '../factory/world.ts'

/** Milliseconds after which an image is old, and after which a build that failed is tried again. */
const day = 24 * 3600 * 1000
const week = 7 * day

/**
 * Orders builds of images that had no problem for a week: newer packages come in, and an unchanged image moves no
 * tag. Failures that may pass are tried again the next day.
 */
export async function rebuildOld(world: FactoryWorld): Promise<void> {
  const { db, now } = world
  const recipes = await db
    .selectFrom('recipes')
    .select('name')
    .where('removed', '=', false)
    .orderBy('name')
    .execute()
  for (const { name } of recipes) {
    const last = await db
      .selectFrom('builds')
      .select(['state', 'created'])
      .where('image', '=', name)
      .orderBy('created', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last === undefined) continue
    const age = now().getTime() - last.created.getTime()
    const again = last.state === 'failed'
    if (age <= (again ? day : week)) continue
    await orderBuild(world, {
      image: name,
      trigger: 'calendar',
      priority: -1,
      reason: again
        ? 'rebuilt because the last build failed'
        : 'rebuilt because a week has passed since the last build',
    })
  }
}
