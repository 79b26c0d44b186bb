import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildRow, RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { breaksAgainst } from '../images/interfaces.ts'
import { pushImage, signImage, type Unpublished } from '../images/publish.ts'
import { recordImage } from '../images/record.ts'
import type { Release } from '../images/release.ts'
import { channels, currentDigest, publishedBy, tagIn } from '../images/tags.ts'
import { committedLock, describe } from '../recipes/recipes.ts'
import type { FactoryEvent } from '../telling/event.ts'
import { parseReference, TemperError } from '../temper.ts'
import { certifyBuilt } from './certify.ts'
import { buildLock, lockRecipe, testRecipe } from './commands.ts'
import { discard } from './isolation/left.ts'
import { judgeBuilt, type Scanned, scanBuilt } from './judge.ts'
import { otherThanLocked, readLock } from './lock.ts'
import type { BuildLog } from './log.ts'
import { layoutOf, lockFile, type Workplace } from './places.ts'
import { updateBuild } from './records.ts'
import { type Skipped, Steps } from './steps.ts'

/** A build that is in progress. */
export interface BuildWork {
  readonly build: BuildRow
  readonly recipe: RecipeRow
  readonly log: BuildLog
  readonly signal: AbortSignal
}

/** The result of the build. */
export interface BuildOutcome {
  readonly state: 'published' | 'unchanged'
  readonly digest: string
}

/**
 * Locks, builds, tests, scans, gates, signs and publishes: the first three in short-lived processes that know no key,
 * the others here. A step that fails ends the build before any tag has moved. It is safe to repeat the build from the
 * start.
 */
export async function runBuild(world: FactoryWorld, work: BuildWork): Promise<BuildOutcome> {
  const { build, recipe, log, signal } = work
  const parent = join(world.data, 'work')
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(parent, `${build.id}-`))
  try {
    const place = { recipe, folder, signal, onLine: (line: string) => log.add(line, world.now()) }
    return await inWorkplace(world, work, place)
  } finally {
    await discard(folder)
  }
}

async function inWorkplace(world: FactoryWorld, work: BuildWork, place: Workplace): Promise<BuildOutcome> {
  const { build, recipe, signal } = work
  const steps = new Steps(world, build.id, work.log)
  const lock = await steps.run('lock', () => lockFor(world, work, place))
  const built = await steps.run('build', () => buildLock(world, place), { note: ({ digest }) => digest })
  await steps.run('test', () => testRecipe(world, place), { note: (count) => `${count} passed` })
  const reference = parseReference(`oci:${layoutOf(place)}@${built.digest}`)
  const scanned = await steps.run('scan', () => scanBuilt(world, { reference, platforms: built.platforms }), {
    note: (each: Exclude<Scanned, Skipped>) =>
      `${each.packages.length} packages, ${each.findings.length} findings`,
  })
  const { name, digest } = { name: recipe.name, digest: built.digest }
  await steps.run('gate', async () => {
    if (world.workers !== undefined) demandLocked(lock, scanned)
    await judgeBuilt(world, { name, reference, digest, scanned })
  })
  signal.throwIfAborted()
  const publisher = await publishedBy(world.db, name, digest)
  // A process that is killed after it has published, and before it says how it ended, leaves the rest to the next one.
  if (publisher === build.id) {
    await steps.skipRest('it was published by this build, which was begun again')
    return { state: 'published', digest }
  }
  if (publisher !== undefined) {
    await steps.skipRest('it is the image that is already published')
    return { state: 'unchanged', digest }
  }
  const { tags } = await describe(world, recipe)
  const image: Unpublished = { name, digest, reference, tags }
  const builtAt = world.now()
  const breaks = await breaksAgainst(world.db, { name, tags, interfaces: scanned.interfaces })
  const sign = async () => {
    await certifyBuilt(world, place, { digest, scanned })
    return await signImage(world, image)
  }
  const signer = await steps.run('sign', sign, { note: (each: string) => each })
  const publish = async () => {
    const release = await releaseOf(world, work, { image, lock, scanned, signer, builtAt, steps, breaks })
    await pushImage(world, image, { release, folder: place.folder })
    const { packages, findings } = scanned
    await recordImage(world, { digest, release, packages, findings, event: publishedEvent(digest, release) })
    return release
  }
  await steps.run('publish', publish, { note: publishedAs })
  return { state: 'published', digest }
}

function publishedEvent(digest: string, release: Release): FactoryEvent {
  const why = publishedAs(release)
  const { image, build } = release
  const common = { image, digest, details: { build: build.id, reason: build.reason } }
  return why === undefined
    ? { ...common, kind: 'published', text: build.reason }
    : { ...common, kind: 'waiting', text: why }
}

/** Why it is a candidate only. */
function publishedAs({ tags, breaks = [] }: Release): string | undefined {
  if (tags.some(({ channel }) => channel === 'stable')) return undefined
  if (breaks.length === 0) return 'a candidate, until it is promoted'
  return `a candidate, until somebody promotes it: ${breaks.slice(0, 5).join('; ')}`
}

/** A worker may have built something else than it was given. Throws `gate-refused`. */
function demandLocked(lock: string, scanned: Scanned): void {
  const other = otherThanLocked(readLock(lock), scanned)
  if (other !== undefined)
    throw new TemperError(
      'gate-refused',
      `The worker returned a different image than the lock says: ${other}`,
    )
}

async function lockFor(world: FactoryWorld, { build, recipe }: BuildWork, place: Workplace): Promise<string> {
  const given = build.lock ?? (await committedLock(world, recipe))
  if (given !== undefined) {
    await writeFile(lockFile(place), given)
    return given
  }
  const lock = await lockRecipe(world, place)
  await updateBuild(world, build.id, { lock })
  return lock
}

async function releaseOf(
  world: FactoryWorld,
  { build, recipe }: BuildWork,
  made: {
    readonly image: Unpublished
    readonly lock: string
    readonly scanned: Scanned
    readonly signer: string
    readonly builtAt: Date
    readonly steps: Steps
    readonly breaks: readonly string[]
  },
): Promise<Release> {
  const { image, lock, scanned, signer, builtAt, steps, breaks } = made
  const { id, reason, trigger, created, started } = build
  const { text, source, path } = recipe
  const isHeld = breaks.length > 0 || world.promotion !== 'at-once'
  const reached = channels.filter((channel) => channel === 'candidate' || !isHeld)
  return {
    image: image.name,
    interfaces: scanned.interfaces,
    ids: scanned.ids,
    breaks,
    tags: reached.flatMap((channel) => image.tags.map((tag) => ({ tag: tagIn(channel, tag), channel }))),
    built: builtAt.toISOString(),
    published: world.now().toISOString(),
    grade: scanned.grade,
    signer,
    recipe: { text, source, path },
    lock,
    build: {
      id,
      reason,
      trigger,
      state: 'published',
      created: created.toISOString(),
      started: (started ?? builtAt).toISOString(),
      steps: [...steps.all],
    },
    packages: scanned.packages.map(({ component }) => ({ ...component })),
    replaces: (await currentDigest(world.db, image.name)) ?? null,
    repaired: await repairedBy(world, image.name, scanned),
  }
}

/** The clocks that the image stops: what the one that it replaces has and it has not. */
async function repairedBy(
  { db }: FactoryWorld,
  name: string,
  scanned: Scanned,
): Promise<Release['repaired']> {
  const names = new Map(scanned.packages.map(({ id, component }) => [id, component.name]))
  const left = new Set(scanned.findings.map(({ advisory, package: id }) => `${advisory} ${names.get(id)}`))
  const clocks = await db
    .selectFrom('clocks')
    .selectAll()
    .where('image', '=', name)
    .where('published', 'is', null)
    .orderBy('advisory')
    .orderBy('package')
    .execute()
  return clocks
    .filter(({ advisory, package: of }) => !left.has(`${advisory} ${of}`))
    .map((clock) => ({
      advisory: clock.advisory,
      package: clock.package,
      severity: clock.severity,
      exploited: clock.exploited,
      version: clock.version,
      fixed: clock.fixed,
      disclosed: clock.disclosed.toISOString(),
      upstream: clock.upstream?.toISOString() ?? null,
      archive: clock.archive?.toISOString() ?? null,
    }))
}
