import { resolve as resolvePath } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import { openDistro } from '../../distro/open.ts'
import type { Lock, LockedPackage, LockedPlatform } from '../../model/lock.ts'
import type { Architecture } from '../../model/platform.ts'
import { parsePlatform } from '../../model/platform.ts'
import { compareLocks, type LockChange } from '../../recipe/lock/changes.ts'
import { formatLock, parseLock } from '../../recipe/lock/lock-file.ts'
import type { BuiltPlatform } from '../build/platform.ts'
import type { Context } from '../context.ts'
import { namedCves } from './changelogs.ts'
import type { TargetRequest } from './named-recipe.ts'
import type { PlannedPlatform } from './platform.ts'
import { loadTarget, type RecipeTarget } from './recipe-target.ts'
import { resolve } from './resolve.ts'
import { steadyMaker } from './revision.ts'

export interface LockRequest extends TargetRequest {
  /** Where to write; default: beside the recipe. "-" only returns the text. */
  readonly output?: string
  /** Packages to update; all others stay. An empty list updates everything. Absent: the lock is made afresh. */
  readonly update?: readonly string[]
  /**
   * Whether to prepare what the next build writes from what was read for the lock: layers, their digests, evidence.
   * Default true. The lock does not depend on it.
   */
  readonly prepare?: boolean
}

export interface LockOutcome {
  readonly path: string
  readonly text: string
  readonly lock: Lock
  /** What differs from the earlier lock; everything is "added" if there was none. */
  readonly changes: readonly DescribedChange[]
  /** Whether the file had to be written. */
  readonly changed: boolean
}

/** A change with the CVE ids that the changelog entries between both versions name. */
export interface DescribedChange extends LockChange {
  readonly cves: readonly string[]
}

/** Resolves a recipe and writes its lock. */
export async function lock(request: LockRequest, context: Context): Promise<LockOutcome> {
  const target = await loadTarget(request, context)
  const path =
    request.output === undefined || request.output === '-'
      ? target.lockFile
      : resolvePath(context.workingDir, request.output)
  const before =
    request.update === undefined ? await comparedLock(path, context) : await requireLock(path, request)
  const keep =
    request.update === undefined || request.update.length === 0 || before === undefined
      ? undefined
      : keptVersions(before, request.update, path)
  const plans: PlannedPlatform[] = []
  const onPlan = request.prepare === false ? {} : { onPlan: (plan: PlannedPlatform) => void plans.push(plan) }
  const resolved = await resolve(target, context, { ...onPlan, ...(keep === undefined ? {} : { keep }) })
  const made = steadyMaker(resolved, before)
  const text = formatLock(made)
  const changed = before === undefined || formatLock(before) !== text
  if (changed && request.output !== '-') await writeFileAtomic(path, text)
  if (request.prepare !== false) await prepareNextBuild(text, { target, plans }, context)
  const distro = await openDistro(made.distribution, context)
  const changes: DescribedChange[] = []
  for (const change of compareLocks(before, made))
    changes.push({ ...change, cves: await namedCves(change, { context, distro }) })
  return { path, text, lock: made, changes, changed }
}

/**
 * Makes what a build with the lock will write. Whatever keeps it from that keeps it from building too, and is told then; the
 * lock is made.
 */
async function prepareNextBuild(
  text: string,
  { target, plans }: { readonly target: RecipeTarget; readonly plans: readonly PlannedPlatform[] },
  context: Context,
): Promise<void> {
  try {
    const [{ prepareBuild }, { finishPlatform }, { statementsOf }] = await Promise.all([
      import('../build/prepare.ts'),
      import('../build/platform.ts'),
      import('../vex/file.ts'),
    ])
    // As the build will read it.
    const lock = parseLock(text, { file: target.lockFile })
    const statements = await statementsOf(target, context)
    const choice = { target, statements, feeds: undefined, lock, platforms: lock.platforms }
    const finish = async (quiet: Context) => {
      const built: BuiltPlatform[] = []
      for (const [at, { plan, tools }] of plans.entries()) {
        const locked = lock.platforms[at]
        if (locked !== undefined)
          built.push(await finishPlatform(plan, { target, locked }, { context: quiet, tools }))
      }
      return built
    }
    await prepareBuild(choice, finish, context)
  } catch (error) {
    if (!(error instanceof TemperError) || error.code === 'interrupted') throw error
    context.progress.note(`the next build is not prepared: ${error.message}`)
  }
}

/** The lock to compare with. One that cannot be read is about to be made again, and must not prevent that. */
async function comparedLock(path: string, context: Context): Promise<Lock | undefined> {
  try {
    return await existingLock(path)
  } catch (error) {
    if (!(error instanceof TemperError && error.code === 'bad-lock')) throw error
    context.progress.warn(`${error.message}; it is made again`)
    return undefined
  }
}

/** A lock that is there already, whatever recipe it was made from: only for telling what changes. */
async function existingLock(path: string): Promise<Lock | undefined> {
  const bytes = await readFileIfExists(path)
  return bytes === undefined ? undefined : parseLock(Buffer.from(bytes).toString('utf8'), { file: path })
}

async function requireLock(path: string, request: LockRequest): Promise<Lock> {
  const existing = await existingLock(path)
  if (existing) return existing
  throw new TemperError('not-found', `There is no lock to update at ${path}`, {
    next: { action: 'make-lock', recipe: request.target },
  })
}

/** The versions of everything that the person did not name; a name may be a binary or a source package. */
function keptVersions(
  before: Lock,
  names: readonly string[],
  path: string,
): ReadonlyMap<Architecture, ReadonlyMap<string, string>> {
  const wanted = new Set(names)
  const isWanted = (each: LockedPackage) => wanted.has(each.name) || wanted.has(each.source.name)
  const all = before.platforms.flatMap(allPackages)
  const unknown = names.filter((name) => !all.some((each) => each.name === name || each.source.name === name))
  if (unknown.length > 0) {
    throw new TemperError('package-not-found', `${path} has no package ${unknown.join(', ')}`, {
      hint: `It has: ${[...new Set(all.map((each) => each.name))].join(', ')}`,
    })
  }
  return new Map(
    before.platforms.map((locked) => [
      parsePlatform(locked.platform).architecture,
      new Map(allPackages(locked).flatMap((each) => (isWanted(each) ? [] : [[each.name, each.version]]))),
    ]),
  )
}

/** Of the image, then of what its steps run over. */
function allPackages({ packages, steps = [] }: LockedPlatform): readonly LockedPackage[] {
  return [...packages, ...steps.flatMap((step) => step.packages)]
}
