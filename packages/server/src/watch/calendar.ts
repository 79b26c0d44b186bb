import { orderBuild } from '../builds/records.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { currentDigest } from '../images/tags.ts'

/** Milliseconds after which an image is old. */
const week = 7 * 24 * 3600 * 1000

/** Orders builds of images that nothing was wrong with for a week: newer packages come in, and what stays the same moves no tag. */
export async function rebuildOld(world: FactoryWorld): Promise<void> {
  const { db, now } = world
  const recipes = await db
    .selectFrom('recipes')
    .select('name')
    .where('removed', '=', false)
    .orderBy('name')
    .execute()
  for (const { name } of recipes) {
    const digest = await currentDigest(db, name)
    if (digest === undefined) continue
    const builds = await db
      .selectFrom('builds')
      .select('id')
      .where('image', '=', name)
      .where('created', '>', new Date(now().getTime() - week))
      .limit(1)
      .execute()
    if (builds.length > 0) continue
    await orderBuild(world, {
      ...{ image: name, trigger: 'calendar', priority: -1 },
      reason: 'rebuilt because a week has passed since the last build',
    })
  }
}
