/** From a recipe to a lock, to an image, to its tests, and to the same image again. */

export { type BuildRequest, build } from '../flows/build/build.ts'
export type { LayoutPlace } from '../flows/build/output.ts'
export type { BuildResult, PlatformResult } from '../flows/build/result.ts'
export { type CertifiedBuild, type CertifyRequest, certify } from '../flows/certify/certify.ts'
export { describeRecipe, type RecipeDescription } from '../flows/lock/describe-recipe.ts'
export { type LockOutcome, type LockRequest, lock } from '../flows/lock/lock.ts'
export { currentSuites } from '../flows/lock/suites.ts'
export { type RebuildRequest, type RebuildResult, rebuild } from '../flows/rebuild/rebuild.ts'
export { type TestOutcome, test } from '../flows/test/test.ts'
export { extendedRecipe } from '../recipe/load.ts'
