import { setClocks } from '../clocks/clocks.ts'
import { runningOurs } from '../running/reports.ts'
import { noteEvent, sendNoted } from '../telling/tell.ts'
import { copyImage, parseReference, TemperError } from '../temper.ts'
import { type Decision, signDecision } from './decision.ts'
import { findImage } from './image-row.ts'
import { type ChannelWorld, type Chosen, setTags } from './promote.ts'
import { currentDigest, plainTag } from './tags.ts'

/**
 * Withdraws an image: each of its tags falls back to the last good image that had it, or is removed where there was
 * none. Throws `not-found` and `bad-usage`.
 */
export async function withdraw(world: ChannelWorld, chosen: Chosen): Promise<Decision> {
  const { db, now, sla } = world
  const { name, digest, by, reason } = chosen
  const row = await findImage(db, name, digest)
  if (row.withdrawn !== null) throw new TemperError('bad-usage', 'The image was withdrawn before')
  const moved = await fallBacks(world, name, digest)
  const fixed = moved.find(({ tag }) => world.registry.staysPut?.(name, tag) === true)
  if (fixed !== undefined)
    throw new TemperError(
      'bad-usage',
      `The tag ${fixed.tag} of ${name} stays where it is by a rule of the registry`,
      {
        hint: 'Take the rule out of the settings (rules.immutable), withdraw the image, and put the rule back.',
      },
    )
  const at = now()
  const decision: Decision = {
    image: name,
    digest,
    action: 'withdraw',
    by,
    reason,
    at: at.toISOString(),
    moved,
  }
  await signDecision(world, decision)
  for (const { tag, to } of moved) await moveTag(world, { name, tag, to })
  const places = (await runningOurs(db, name)).filter((each) => each.digest === digest)
  const where = places.length === 0 ? '' : `; it runs at ${places.map(({ place }) => place).join(', ')}`
  const noted = await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('images')
      .set({ withdrawn: at, withdrawal: JSON.stringify({ by, reason: reason ?? '' }) })
      .where('name', '=', name)
      .where('digest', '=', digest)
      .execute()
    for (const { tag, to } of moved)
      if (to === null) await tx.deleteFrom('tags').where('name', '=', name).where('tag', '=', tag).execute()
      else await setTags(tx, { name, digest: to, at, tags: [tag] })
    // What it had repaired is open again, and has been since it was told.
    await tx
      .updateTable('clocks')
      .set({ built: null, published: null })
      .where('image', '=', name)
      .where('digest', '=', digest)
      .execute()
    const current = await currentDigest(tx, name)
    if (current !== undefined) await setClocks(tx, [{ image: name, digest: current }], { now: at, sla })
    // Its recipe is looked at anew.
    await tx.updateTable('recipes').set({ checked: null }).where('name', '=', name).execute()
    return await noteEvent(tx, world, {
      kind: 'withdrawn',
      image: name,
      digest,
      text: `withdrawn by ${by}: ${reason ?? ''}${where}`,
      details: { by, reason, moved, running: places.map(({ place, count }) => ({ place, count })) },
    })
  })
  await sendNoted(world, noted)
  return decision
}

/** Where each tag of an image falls back to. */
async function fallBacks({ db }: ChannelWorld, name: string, digest: string): Promise<Decision['moved']> {
  const tags = await db
    .selectFrom('tags')
    .select('tag')
    .where('name', '=', name)
    .where('digest', '=', digest)
    .orderBy('tag')
    .execute()
  const good = await db
    .selectFrom('images')
    .select(['digest', 'tags'])
    .where('name', '=', name)
    .where('digest', '!=', digest)
    .where('withdrawn', 'is', null)
    .where('promoted', 'is not', null)
    .orderBy('promoted', 'desc')
    .execute()
  return tags.map(({ tag }) => {
    const plain = plainTag(tag)
    return { tag, to: good.find((each) => each.tags.includes(plain))?.digest ?? null }
  })
}

async function moveTag(
  { registry }: ChannelWorld,
  { name, tag, to }: { readonly name: string; readonly tag: string; readonly to: string | null },
): Promise<void> {
  if (registry.setTag !== undefined) return await registry.setTag(name, tag, to)
  if (to === null)
    throw new TemperError(
      'bad-usage',
      `There is no earlier image for ${name}:${tag}, and the registry is not the service's own`,
      { hint: 'Remove the tag there, or build a good image first.' },
    )
  await copyImage(
    {
      from: parseReference(`${registry.prefix()}/${name}@${to}`),
      to: parseReference(`${registry.prefix()}/${name}:${tag}`),
      evidence: 'require',
    },
    registry.context(),
  )
}
