import type { Kysely } from 'kysely'
import { setClocks } from '../clocks/clocks.ts'
import { dueOf, type Sla } from '../clocks/due.ts'
import { readWaivers } from '../clocks/waivers.ts'
import type { Schema } from '../database/schema.ts'
import { type Decision, decisionsOf } from '../images/decision.ts'
import { findingsAgainst } from '../images/findings.ts'
import { packagesOf } from '../images/packages.ts'
import { recordImage } from '../images/record.ts'
import { type Release, releaseSchema, releaseType } from '../images/release.ts'
import { channelOf, currentDigest } from '../images/tags.ts'
import { putSent } from '../recipes/at-hand.ts'
import { putRecipe } from '../recipes/recipes.ts'
import { type Component, listTags, parseReference, TemperError, trustedStatements } from '../temper.ts'
import { ownTrust } from './signing.ts'
import type { FactoryWorld } from './world.ts'

/** The counts of what was found again. */
export interface Reindexed {
  readonly images: number
  readonly builds: number
  readonly recipes: number
}

/** Images that one line of releases may have: they name each other, and a circle must end. */
const lineLimit = 10_000

/** In which order rows can be removed. */
const tables = [
  ...['build_log', 'builds', 'clocks', 'findings', 'image_sets', 'package_sets', 'packages', 'unsettled'],
  ...['tags', 'image_ids', 'images', 'feeds'],
] as const satisfies readonly string[]

/**
 * Empties the database and rebuilds it from what the service signed and published, and from its recipes. What only
 * the database knew is lost: builds that published nothing, and logs. What people sent to it stays, recipes and waivers: another
 * server may have the folder that they lie in. Until all is there the database says that it is not filled: who ends in between has it
 * begun again at the next start.
 */
export async function reindexAll(world: FactoryWorld, known: readonly string[]): Promise<Reindexed> {
  await world.db.transaction().execute(async (tx) => {
    await tx.updateTable('filling').set({ done: null }).execute()
    for (const table of tables) await tx.deleteFrom(table as keyof Schema).execute()
    await tx
      .deleteFrom('recipes')
      .where((e) => e.or([e('source', '=', 'folder'), e('files', 'is', null)]))
      .execute()
    await tx.updateTable('recipes').set({ checked: null }).execute()
  })
  await readWaivers(world)
  await putSent(world)
  const sent = new Set(
    (await world.db.selectFrom('recipes').select('name').execute()).map(({ name }) => name),
  )
  const names = [...new Set([...known, ...sent])].sort()
  let [images, builds] = [0, 0]
  for (const name of names) {
    const line = await lineOf(world, name)
    for (const each of line) await keepRelease(world, each)
    images += line.length
    builds += new Set(line.map(({ release }) => release.build.id)).size
    await keepTags(world, name, line)
    const current = await currentDigest(world.db, name)
    if (current !== undefined)
      await setClocks(world.db, [{ image: name, digest: current }], { now: world.now(), sla: world.sla })
    const newest = line.at(-1)?.release
    if (newest !== undefined && !sent.has(name)) await putRecipe(world, { name, ...newest.recipe })
  }
  await world.db.updateTable('filling').set({ done: world.now() }).execute()
  const { count } = await world.db
    .selectFrom('recipes')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { images, builds, recipes: count }
}

interface PublishedRelease {
  readonly digest: string
  readonly release: Release
  readonly decisions: readonly Decision[]
}

/** Releases of an image, the oldest first: those that tags are on, those that they replaced, and those that were taken back. */
async function lineOf(world: FactoryWorld, name: string): Promise<readonly PublishedRelease[]> {
  const releases = new Map<string, PublishedRelease>()
  const tagged = (await tagsOf(world, name)).map(({ digest }) => digest)
  // One that was taken back, and had none before it, has no tag and is told of by none that has.
  const attachedTo = (await world.registry.subjects?.(name)) ?? []
  const waiting: string[] = [...new Set([...attachedTo, ...tagged])]
  for (
    let digest: string | undefined = waiting.pop();
    digest !== undefined && releases.size < lineLimit;
    digest = waiting.pop()
  ) {
    if (releases.has(digest)) continue
    const decisions = await decisionsOf(world, name, digest)
    waiting.push(...decisions.flatMap((each) => (releases.has(each.digest) ? [] : each.digest)))
    for (const release of await releasesOf(world, name, digest)) {
      const before = releases.get(digest)
      // Built twice: what it was published as last counts.
      if (before === undefined || before.release.published < release.published)
        releases.set(digest, { digest, release, decisions })
      if (release.replaces !== null) waiting.push(release.replaces)
    }
  }
  return [...releases.values()].sort((a, b) => (a.release.published < b.release.published ? -1 : 1))
}

async function tagsOf({ registry }: FactoryWorld, name: string) {
  const reference = parseReference(`${registry.prefix()}/${name}`)
  try {
    return (await listTags(reference, registry.context())).tags
  } catch (error) {
    if (error instanceof TemperError && error.code === 'not-found') return []
    throw error
  }
}

/** What the service itself said of an image when it published it: nobody else's word counts. */
async function releasesOf(
  { registry, signing, log }: FactoryWorld,
  name: string,
  digest: string,
): Promise<readonly Release[]> {
  const reference = parseReference(`${registry.prefix()}/${name}@${digest}`)
  const request = { reference, type: releaseType, ...(await ownTrust(signing)) }
  const statements = await trustedStatements(request, registry.context()).catch((error: unknown) => {
    if (error instanceof TemperError && error.code === 'not-found') return []
    throw error
  })
  return statements.flatMap(({ predicate }) => {
    const read = releaseSchema.safeParse(predicate)
    if (read.success && read.data.image === name) return [read.data]
    log.warn({ name, digest }, 'a statement about a release cannot be read')
    return []
  })
}

async function keepRelease(world: FactoryWorld, published: PublishedRelease): Promise<void> {
  const { digest, release } = published
  const { db } = world
  await keepBuild(db, digest, release)
  const components = release.packages as readonly object[] as readonly Component[]
  const packages = packagesOf({ components, layers: [], notes: [] })
  const findings = await findingsAgainst(world, packages)
  await recordImage(world, { digest, release, packages, findings })
  const own = published.decisions.filter((each) => each.digest === digest)
  const [promoted, withdrawn] = (['promote', 'withdraw'] as const).map((action) =>
    own.findLast((each) => each.action === action),
  )
  const isStable = release.tags.some(({ channel }) => channel === 'stable')
  const at = promoted?.at ?? (isStable ? release.published : undefined)
  if (at !== undefined && withdrawn === undefined)
    await keepStopped(db, digest, { release, at: new Date(at), sla: world.sla })
  const { by, reason } = withdrawn ?? {}
  await db
    .updateTable('images')
    .set({
      promoted: at === undefined ? null : new Date(at),
      ...(withdrawn === undefined
        ? {}
        : { withdrawn: new Date(withdrawn.at), withdrawal: JSON.stringify({ by, reason: reason ?? '' }) }),
    })
    .where('name', '=', release.image)
    .where('digest', '=', digest)
    .execute()
}

async function keepBuild(db: Kysely<Schema>, digest: string, release: Release): Promise<void> {
  const { build, lock, image, published } = release
  const steps = build.steps.map((step) => (step.name === 'publish' ? { ...step, state: 'done' } : step))
  await db
    .insertInto('builds')
    .values({
      id: build.id,
      image,
      reason: build.reason,
      trigger: build.trigger,
      state: 'published',
      lock,
      digest,
      steps: JSON.stringify(steps),
      error: null,
      cancelled: false,
      created: new Date(build.created),
      started: new Date(build.started),
      ended: new Date(published),
    })
    .onConflict((c) => c.doNothing())
    .execute()
}

/** Clocks that it stopped, as they were when it did. */
async function keepStopped(
  db: Kysely<Schema>,
  digest: string,
  { release, at, sla }: { readonly release: Release; readonly at: Date; readonly sla: Sla },
): Promise<void> {
  for (const { disclosed, upstream, archive, ...clock } of release.repaired) {
    const row = {
      ...clock,
      image: release.image,
      digest,
      disclosed: new Date(disclosed),
      upstream: upstream === null ? null : new Date(upstream),
      archive: archive === null ? new Date(release.built) : new Date(archive),
      built: new Date(release.built),
      published: at,
      due: dueOf(sla, clock.severity, new Date(disclosed)),
      running: null,
      told: null,
    }
    await db
      .insertInto('clocks')
      .values(row)
      .onConflict((c) => c.columns(['image', 'advisory', 'package']).doUpdateSet(row))
      .execute()
  }
}

/** Tags are where the registry says that they are, whatever was meant when they were set. */
async function keepTags(world: FactoryWorld, name: string, line: readonly PublishedRelease[]): Promise<void> {
  const published = new Map(line.map(({ digest, release }) => [digest, new Date(release.published)]))
  await world.db.deleteFrom('tags').where('name', '=', name).execute()
  for (const { tag, digest } of await tagsOf(world, name)) {
    const moved = published.get(digest)
    // What somebody else pushed is none of the factory's images.
    if (moved === undefined) continue
    await world.db
      .insertInto('tags')
      .values({ name, tag, digest, channel: channelOf(tag), moved })
      .execute()
  }
}
