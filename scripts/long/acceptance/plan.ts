import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemperError } from '../../../packages/temper/src/base/error.ts'
import { openDistro } from '../../../packages/temper/src/distro/open.ts'
import { archiveFetcher } from '../../../packages/temper/src/flows/assemble/archives.ts'
import { gatherContents } from '../../../packages/temper/src/flows/assemble/gather.ts'
import { checkPlan, planPlatform } from '../../../packages/temper/src/flows/assemble/plan.ts'
import { createTools } from '../../../packages/temper/src/flows/assemble/tools.ts'
import type { Context } from '../../../packages/temper/src/flows/context.ts'
import { loadTarget, type RecipeTarget } from '../../../packages/temper/src/flows/lock/recipe-target.ts'
import { resolve } from '../../../packages/temper/src/flows/lock/resolve.ts'
import type { Lock } from '../../../packages/temper/src/model/lock.ts'
import { parsePlatform } from '../../../packages/temper/src/model/platform.ts'
import { formatLock, parseLock } from '../../../packages/temper/src/recipe/lock/lock-file.ts'
import type { PackageOutcome } from './outcome.ts'
import type { Trial } from './trial.ts'

/**
 * What building a recipe of one package alone would say, without composing or starting anything: what is chosen, what
 * its scripts do that is not modelled, and whether the tree is closed and hardened.
 */
export async function planPackage(
  { name, distribution, folder }: Trial,
  context: Context,
): Promise<PackageOutcome> {
  const outcome = {
    package: name,
    result: 'built',
    code: null,
    unmodelled: 0,
    starts: null,
    reason: null,
  } as const
  try {
    const target = await recipeOf({ name, distribution, folder }, context)
    const lock = await lockOf(target, context)
    const unmodelledEffects = await judge(target, lock, context)
    if (unmodelledEffects.length === 0) return outcome
    return { ...outcome, unmodelled: unmodelledEffects.length, unmodelledEffects }
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    return { ...outcome, result: 'refused', code: error.code, reason: error.message }
  }
}

async function recipeOf({ name, distribution, folder }: Trial, context: Context): Promise<RecipeTarget> {
  mkdirSync(folder, { recursive: true })
  const recipe = join(folder, 'recipe.yaml')
  const contents = `contents:\n  packages: [${JSON.stringify(name)}]\n`
  // Whatever compresses fastest: nobody looks at what is compressed.
  const text = `name: acceptance\ndistribution: ${distribution}\n${contents}output: { compression: zstd }\n`
  writeFileSync(recipe, text)
  return await loadTarget({ target: recipe, vars: {} }, context)
}

/** Chosen anew only when there is no lock yet: delete the folder for that. */
async function lockOf(target: RecipeTarget, context: Context): Promise<Lock> {
  if (existsSync(target.lockFile))
    return parseLock(readFileSync(target.lockFile, 'utf8'), { file: target.lockFile })
  const lock = await resolve(target, context)
  writeFileSync(target.lockFile, formatLock(lock))
  return lock
}

async function judge(target: RecipeTarget, lock: Lock, context: Context) {
  const { recipe } = target
  const distro = await openDistro(lock.distribution, context)
  const fetchArchives = archiveFetcher(lock.suites, { recipe, folders: target.folders, distro, context })
  const tools = await createTools(lock.compressor, fetchArchives, { distro, context })
  const reports: PackageOutcome['unmodelledEffects'][] = []
  for (const locked of lock.platforms) {
    const { architecture } = parsePlatform(locked.platform)
    const request = { recipe, architecture, files: target.files, locked }
    const packages = await gatherContents(locked.packages, { recipe }, { context, tools })
    const plan = await planPlatform(packages, request, { context, tools })
    await checkPlan(plan, request, { context, distro })
    reports.push(plan.effects.unmodelled)
  }
  return reports.flatMap((effects) => effects ?? [])
}
