import { TemperError } from '../base/error.ts'
import { createRuncRuntime } from '../container/runc.ts'
import type { ContainerRuntime } from '../model/container.ts'
import type { Image } from '../model/image.ts'
import { type Architecture, formatPlatform, type Platform } from '../model/platform.ts'
import { openLayout } from '../oci/layout.ts'
import { readImage } from '../oci/read-image.ts'
import { type BuildRequest, build } from './build.ts'
import type { BuildResult } from './build-result.ts'
import type { Context } from './context.ts'
import { runTests, type TestResult } from './run-tests.ts'
import { loadTarget } from './target.ts'

export interface TestOutcome {
  readonly build: BuildResult
  /** The platform that was tested: the host's own. */
  readonly platform: string
  /** What ran the containers. */
  readonly runtime: string
  readonly results: readonly TestResult[]
}

/** Builds the image and runs its recipe's tests in real containers, locked down as in production. */
export async function test(
  request: BuildRequest,
  context: Context,
  host: { readonly architecture: Architecture; readonly node: string },
): Promise<TestOutcome> {
  const target = await loadTarget(request, context)
  if (target.recipe.tests.length === 0) {
    throw new TemperError('bad-recipe', `${target.file}: the recipe has no tests`, {
      hint: 'Add some under "tests:".',
    })
  }
  const platform: Platform = { os: 'linux', architecture: host.architecture }
  const result = await build({ ...request, platforms: [formatPlatform(platform)] }, context)
  const path = result.reference.slice('oci:'.length, result.reference.lastIndexOf(':'))
  const layout = openLayout(path)
  const image = await readImage(layout, await layout.resolve(result.digest), { platform })
  const runtime = await chooseRuntime(image, context, host)
  try {
    const results = await runTests(image, target.recipe.tests, { runtime, context })
    return { build: result, platform: formatPlatform(platform), runtime: runtime.name, results }
  } finally {
    await runtime.close()
  }
}

async function chooseRuntime(
  image: Image,
  context: Context,
  host: { readonly node: string },
): Promise<ContainerRuntime> {
  const { runc } = context.runtimes
  if (runc !== undefined && process.getuid?.() === 0) {
    return await createRuncRuntime(image, {
      program: runc,
      temporaryDir: context.temporaryDir,
      node: host.node,
    })
  }
  throw new TemperError(
    'tool-missing',
    'No container runtime was found: expected runc (as root), podman or docker',
    {
      hint: 'On Debian: apt-get install runc, then run as root; or install podman.',
    },
  )
}
