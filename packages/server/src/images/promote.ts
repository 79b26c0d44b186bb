import type { Kysely } from 'kysely'
import { setClocks } from '../clocks/clocks.ts'
import type { Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { noteEvent, sendNoted } from '../telling/tell.ts'
import { copyImage, parseReference, TemperError } from '../temper.ts'
import { type Decision, signDecision } from './decision.ts'
import { findImage } from './image-row.ts'
import { channelOf, tagIn } from './tags.ts'

export type ChannelWorld = FactoryWorld

export interface Chosen {
  readonly name: string
  readonly digest: string
  /** Name of whoever decides. */
  readonly by: string
  readonly reason: string | null
}

/**
 * Makes a candidate stable: its tags move to it, and the registry's gate is asked. Throws `bad-usage` for an image
 * that is no candidate, and `gate-refused`; then nothing has moved.
 */
export async function promote(world: ChannelWorld, chosen: Chosen): Promise<Decision> {
  const { db, registry, now, sla } = world
  const { name, digest, by, reason } = chosen
  const row = await findImage(db, name, digest)
  if (row.withdrawn !== null) throw new TemperError('bad-usage', 'The image was withdrawn: build another one')
  const tags = await candidateTags(db, name, digest)
  if (tags.length === 0) throw new TemperError('bad-usage', 'No candidate tag names this image')
  const at = now()
  const decision: Decision = {
    image: name,
    digest,
    action: 'promote',
    by,
    reason,
    at: at.toISOString(),
    moved: tags.map((tag) => ({ tag, to: digest })),
  }
  await signDecision(world, decision)
  const from = parseReference(`${registry.prefix()}/${name}@${digest}`)
  for (const tag of tags) {
    const to = parseReference(`${registry.prefix()}/${name}:${tag}`)
    await copyImage({ from, to, evidence: 'require' }, registry.context())
  }
  const noted = await db.transaction().execute(async (tx) => {
    await notePromoted(tx, { name, digest, at, tags })
    await setClocks(tx, [{ image: name, digest }], { now: at, sla, published: { built: row.built, at } })
    return await noteEvent(tx, world, {
      kind: 'promoted',
      image: name,
      digest,
      details: { by, moved: decision.moved },
      text: `promoted by ${by}${reason === null ? '' : `: ${reason}`}`,
    })
  })
  await sendNoted(world, noted)
  return decision
}

export interface TagsMoved {
  readonly name: string
  /** What the tags name now. */
  readonly digest: string
  readonly at: Date
  readonly tags: readonly string[]
}

/** Writes down that tags name an image now. */
export async function notePromoted(db: Kysely<Schema>, { name, digest, at, tags }: TagsMoved): Promise<void> {
  await db
    .updateTable('images')
    .set({ promoted: at })
    .where('name', '=', name)
    .where('digest', '=', digest)
    .execute()
  await setTags(db, { name, digest, at, tags })
}

export async function setTags(db: Kysely<Schema>, { name, digest, at, tags }: TagsMoved): Promise<void> {
  if (tags.length === 0) return
  await db
    .insertInto('tags')
    .values(tags.map((tag) => ({ name, tag, digest, channel: channelOf(tag), moved: at })))
    .onConflict((c) =>
      c.columns(['name', 'tag']).doUpdateSet((e) => ({
        digest: e.ref('excluded.digest'),
        channel: e.ref('excluded.channel'),
        moved: e.ref('excluded.moved'),
      })),
    )
    .execute()
}

/** Tags that an image would get as a stable one. */
async function candidateTags(db: Kysely<Schema>, name: string, digest: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('tags').select(['tag', 'digest']).where('name', '=', name).execute()
  const on = new Map(rows.map((row) => [row.tag, row.digest]))
  const { tags } = await findImage(db, name, digest)
  return tags.filter((tag) => on.get(tagIn('candidate', tag)) === digest && on.get(tag) !== digest)
}

/** Candidates that need no decision of a person, and have waited for as long as the rule says. */
export async function promoteDue(world: FactoryWorld): Promise<void> {
  const { db, now, promotion, log } = world
  if (promotion === 'by-hand') return
  const waiting = await db
    .selectFrom('images')
    .select(['images.name', 'images.digest', 'images.published', 'images.breaks'])
    .where('promoted', 'is', null)
    .where('withdrawn', 'is', null)
    .where('images.digest', 'in', (q) => q.selectFrom('tags').select('tags.digest'))
    .execute()
  const hours = promotion === 'at-once' ? 0 : promotion.after
  for (const { name, digest, published, breaks } of waiting) {
    if (breaks.length > 0 || now().getTime() - published.getTime() < hours * 3600_000) continue
    const reason = hours === 0 ? null : `it was a candidate for ${hours} hours`
    await promote(world, { name, digest, by: 'rule', reason }).catch((error: unknown) =>
      log.warn({ err: error, name, digest }, 'a candidate cannot be promoted'),
    )
  }
}
