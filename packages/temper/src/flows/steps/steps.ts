import { TemperError } from '../../base/error.ts'
import type { LockedPackage, LockedPlatform, LockedStep } from '../../model/lock.ts'
import { formatPlatform, type Platform } from '../../model/platform.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { AssemblyTools } from '../assemble/tools.ts'
import type { Context } from '../context.ts'
import type { RecipeTarget } from '../lock/recipe-target.ts'
import { runStep } from './run.ts'
import { checkMade, imageFilesOf, stepFilesOf } from './step-file.ts'

export interface StepsOutcome {
  /** The steps as the lock records them. */
  readonly steps: readonly LockedStep[]
  /** The files that the image gets from them. */
  readonly files: readonly RecipeFile[]
}

/** Runs the steps of a recipe for one platform, over packages that were chosen and fetched. */
export async function runSteps(
  target: RecipeTarget,
  work: {
    readonly platform: Platform
    /** By the name of the step. */
    readonly packages: ReadonlyMap<string, readonly LockedPackage[]>
    /** Files of the recipe's `dependencies`, those for steps alone among them. */
    readonly dependencies: readonly RecipeFile[]
  },
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<StepsOutcome> {
  const steps: LockedStep[] = []
  const files: RecipeFile[] = []
  for (const step of target.recipe.steps ?? []) {
    const packages = work.packages.get(step.name) ?? []
    const { platform, dependencies } = work
    const run = { recipe: target.recipe, step, platform, packages, files: target.stepFiles, dependencies }
    const made = await runStep(run, environment)
    steps.push({ name: step.name, packages, outputs: stepFilesOf(made) })
    for (const file of imageFilesOf(step, made)) files.push(file)
  }
  return { steps, files }
}

/** Runs the steps of a lock, which has to match what they make. Throws `step-differs`, `bad-lock`. */
export async function runLockedSteps(
  target: RecipeTarget,
  work: {
    readonly platform: Platform
    readonly locked: LockedPlatform
    readonly dependencies: readonly RecipeFile[]
  },
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<readonly RecipeFile[]> {
  const { platform, locked, dependencies } = work
  const known = new Map((locked.steps ?? []).map((step) => [step.name, step]))
  const packages = new Map([...known].map(([name, step]) => [name, step.packages]))
  for (const { name } of target.recipe.steps ?? [])
    if (!known.has(name))
      throw new TemperError('bad-lock', `The lock has no step "${name}" for ${formatPlatform(platform)}`, {
        next: { action: 'make-lock', recipe: target.asked },
      })
  const { steps, files } = await runSteps(target, { platform, packages, dependencies }, environment)
  for (const step of steps) {
    const before = known.get(step.name)
    if (before !== undefined) checkMade(step.outputs, before, formatPlatform(platform))
  }
  return files
}
