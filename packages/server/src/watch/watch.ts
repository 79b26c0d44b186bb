import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockRecipe } from '../builds/commands.ts'
import { contextWithin } from '../builds/isolation/within.ts'
import { choosesSame, readLock } from '../builds/lock.ts'
import { orderBuild } from '../builds/records.ts'
import { archiveHas } from '../clocks/clocks.ts'
import type { RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { findingsOf } from '../images/findings.ts'
import { currentDigest } from '../images/tags.ts'
import { atHand } from '../recipes/at-hand.ts'
import { describe, folderOf, inFolder } from '../recipes/recipes.ts'
import { proposesLocks } from '../telling/channel.ts'
import { tell } from '../telling/tell.ts'
import { currentSuites } from '../temper.ts'
import { imageLock, installedIn } from './installed.ts'
import { priorityOf, reasonOf } from './reason.ts'
import { repairsOf } from './repairs.ts'

/** Checks every image with findings, and orders builds of those that an archive can repair now. */
export async function watchImages(world: FactoryWorld, signal: AbortSignal): Promise<void> {
  const recipes = await inOrder(world)
  for (const recipe of recipes) {
    signal.throwIfAborted()
    // One archive that cannot be reached keeps nobody else's image from being repaired.
    await watchImage(world, recipe, signal).catch((error: unknown) => {
      if (signal.aborted) throw error
      world.log.warn({ err: error, image: recipe.name }, 'looking for newer packages failed')
    })
  }
}

/** Those that others extend come first. */
async function inOrder({ db }: FactoryWorld): Promise<readonly RecipeRow[]> {
  const all = await db
    .selectFrom('recipes')
    .selectAll()
    .where('removed', '=', false)
    .orderBy('name')
    .execute()
  const byName = new Map(all.map((recipe) => [recipe.name, recipe]))
  const depth = (recipe: RecipeRow, seen: ReadonlySet<string>): number => {
    const base = recipe.extends === null ? undefined : byName.get(recipe.extends)
    if (base === undefined || seen.has(base.name)) return 0
    return 1 + depth(base, new Set([...seen, base.name]))
  }
  return all
    .map((recipe) => ({ recipe, at: depth(recipe, new Set([recipe.name])) }))
    .sort((a, b) => a.at - b.at)
    .map(({ recipe }) => recipe)
}

async function watchImage(world: FactoryWorld, known: RecipeRow, signal: AbortSignal): Promise<void> {
  const { db, now } = world
  const { name } = known
  const digest = await currentDigest(db, name)
  if (digest === undefined) return
  const findings = await findingsOf(db, digest)
  if (findings.length === 0) return
  const recipe = await atHand(world, known, { patience: 0 })
  const { archives } = await describe(world, recipe)
  const context = await contextWithin(world.context, { archives, reachable: world.reachable })
  const place = inFolder({ context }, folderOf(world, recipe))
  const suites = await currentSuites({ target: recipe.path }, place)
  const state = stateOf([
    digest,
    ...suites.map((each) => each.digest),
    ...findings.map((each) => `${each.advisory} ${each.package}`),
  ])
  // The same archives were asked about the same problems of the same image before.
  if (state === recipe.checked && !(await failedLongAgo(world, name))) return
  const [image, text] = await Promise.all([imageLock(db, name, digest), lockAnew(world, recipe, signal)])
  const lock = readLock(text)
  if (image === undefined || !choosesSame(readLock(image), lock)) {
    const installed = await installedIn(db, digest)
    const repairs = await repairsOf(world, { installed, findings }, lock)
    if (repairs.length > 0) {
      await archiveHas(db, name, repairs, now())
      const reason = reasonOf(repairs)
      if (proposesLocks(world.channels, name))
        await tell(world, { kind: 'lock', image: name, digest, text: reason, details: { lock: text } })
      else
        await orderBuild(world, {
          image: name,
          reason,
          trigger: 'advisory',
          lock: text,
          priority: priorityOf(repairs),
        })
    }
  }
  await db.updateTable('recipes').set({ checked: state }).where('name', '=', name).execute()
}

/** Milliseconds after which what failed is tried again although nothing has changed. */
const tryAgainAfter = 30 * 60 * 1000

/** A repair must not be lost because a build failed once. */
async function failedLongAgo({ db, now }: FactoryWorld, image: string): Promise<boolean> {
  const last = await db
    .selectFrom('builds')
    .select(['state', 'ended'])
    .where('image', '=', image)
    .orderBy('created', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.state !== 'failed' || last.ended === null) return false
  return now().getTime() - last.ended.getTime() > tryAgainAfter
}

function stateOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

async function lockAnew(world: FactoryWorld, recipe: RecipeRow, signal: AbortSignal): Promise<string> {
  const parent = join(world.data, 'work')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(parent, 'check-'))
  try {
    return await lockRecipe(world, { recipe, folder, signal, onLine: () => undefined })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
