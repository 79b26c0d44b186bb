import { TemperError } from '../../base/error.ts'
import { type Architecture, formatPlatform, type Platform, parsePlatform } from '../../model/platform.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { parseReference } from '../../oci/reference.ts'
import { type BuildRequest, build } from '../build/build.ts'
import type { BuildResult } from '../build/result.ts'
import type { Context } from '../context.ts'
import { loadTarget } from '../lock/recipe-target.ts'
import { checkMachine } from '../machine.ts'
import { openRuntime, type RuntimeRequest } from './container-runtime.ts'
import { runTests, type TestResult } from './run-tests.ts'

export interface TestOutcome {
  readonly build: BuildResult
  /** The platform that was tested: the requested one, else the host's own. */
  readonly platform: string
  /** What ran the containers. */
  readonly runtime: string
  readonly results: readonly TestResult[]
}

/**
 * Builds the image for one platform, the first that is asked for, and runs its recipe's tests in real containers, locked down as in
 * production.
 */
export async function test(
  request: BuildRequest,
  context: Context,
  host: RuntimeRequest & { readonly architecture: Architecture },
): Promise<TestOutcome> {
  const { recipe, file } = await loadTarget(request, context)
  if (recipe.tests.length === 0) {
    throw new TemperError('bad-recipe', `${file}: the recipe has no tests`, {
      hint: 'Add some under "tests:".',
      details: { tests: 0 },
    })
  }
  const [asked] = request.platforms ?? []
  const platform: Platform =
    asked === undefined ? { os: 'linux', architecture: host.architecture } : parsePlatform(asked)
  if (platform.architecture !== host.architecture) checkMachine('Tests', platform, context)
  const result = await build({ ...request, platforms: [formatPlatform(platform)] }, context)
  const reference = parseReference(result.reference)
  const store = openLayout('path' in reference ? reference.path : '')
  const image = await readImage(store, await store.resolve(result.digest), { platform })
  const runtime = await openRuntime({ image, store }, context, host)
  try {
    const results = await runTests(image, recipe.tests, { runtime, context })
    return { build: result, platform: formatPlatform(platform), runtime: runtime.name, results }
  } finally {
    await runtime.close()
  }
}
