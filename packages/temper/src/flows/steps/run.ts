import type { Digest } from '../../base/digest.ts'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { printableLine } from '../../base/printable.ts'
import { runSandbox } from '../../container/sandbox/sandbox.ts'
import { defaultCompressor } from '../../formats/compress/compress.ts'
import type { Image } from '../../model/image.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import { formatPlatform, type Platform } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { SandboxFile, SandboxProgram } from '../../model/recipe-parts/sandbox.ts'
import { type StepDependency, type StepRequest, stepFolder } from '../../model/recipe-parts/step.ts'
import { revisions } from '../../model/revision.ts'
import { stepRootRecipe } from '../../recipe/step-root.ts'
import { gatherContents } from '../assemble/gather.ts'
import { composeImage, planPlatform } from '../assemble/plan.ts'
import type { AssemblyTools } from '../assemble/tools.ts'
import type { Context } from '../context.ts'
import { StepCache } from './cache.ts'
import { sandboxProgram } from './program.ts'

export interface StepRun {
  readonly recipe: Recipe
  readonly step: StepRequest
  readonly platform: Platform
  /** Packages of its sandbox. */
  readonly packages: readonly LockedPackage[]
  /** Files of the recipe that it gets, by request. */
  readonly files: readonly RecipeFile[]
  /** Files of the recipe's `dependencies`, those for steps alone among them. */
  readonly dependencies: readonly RecipeFile[]
}

/**
 * Runs a step, or finds the outputs of an earlier run with the same inputs. Returns the content of each output.
 * Errors: `step-failed` with what it printed, `tool-missing` when no sandbox can be made.
 */
export async function runStep(
  run: StepRun,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<readonly (readonly SandboxFile[])[]> {
  const { context } = environment
  const cache = new StepCache(context)
  const key = stepKey(run, context)
  const known = await cache.get(key)
  if (known !== undefined) return known
  const program = sandboxProgram(run.platform, context)
  const progress = context.progress.start(`Running the step ${run.step.name}`)
  try {
    const made = await runAfresh(run, program, environment)
    await cache.put(key, made)
    return made
  } finally {
    progress.done()
  }
}

/** Changes whenever the same step would be run in another way. */
const keyFormat = 1

function stepKey(run: StepRun, { sourceDateEpoch }: Pick<Context, 'sourceDateEpoch'>): Digest {
  const { step, platform, packages, recipe } = run
  return sha256(
    canonicalJson([
      ...[
        keyFormat,
        revisions.current,
        formatPlatform(platform),
        recipe.distribution,
        sourceDateEpoch ?? null,
      ],
      { ...step, timeout: undefined },
      packages.map(({ digest }) => digest).sort(),
      inputsOf(run).map(({ content, ...rest }) => ({ ...rest, digest: sha256(content) })),
    ]),
  )
}

function inputsOf(run: StepRun): readonly SandboxFile[] {
  const own = run.step.inputs.flatMap((input) =>
    run.files
      .filter((file) => (file.asked ?? file.request) === input)
      .map((file) => sandboxFile(file, file.request.path)),
  )
  return [...own, ...(run.step.dependencies ?? []).flatMap((asked) => dependencyInputs(asked, run))]
}

/** Throws `bad-recipe` when no package of the application has it. */
function dependencyInputs(
  { source, path }: StepDependency,
  { step, dependencies }: StepRun,
): readonly SandboxFile[] {
  const inputs = dependencies.flatMap((file) => {
    const place = file.request.path
    if (place !== source && !place.startsWith(`${source}/`)) return []
    return [sandboxFile(file, `${path}${place.slice(source.length)}`)]
  })
  if (inputs.length > 0) return inputs
  throw new TemperError(
    'bad-recipe',
    `The step "${step.name}" asks for ${source} of the dependencies, which they do not install`,
    {
      hint: 'Name a folder or file below "into" of one of the "dependencies" of the recipe. What a lock file has for development alone is in an entry with dev: true.',
      details: { step: step.name, path: source },
    },
  )
}

function sandboxFile({ request, type, content, target }: RecipeFile, path: string): SandboxFile {
  return {
    path: path.replace(/^\/+/, ''),
    type: type ?? 'file',
    mode: request.mode,
    content,
    ...(target === undefined ? {} : { target }),
  }
}

async function runAfresh(
  run: StepRun,
  program: SandboxProgram,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<readonly (readonly SandboxFile[])[]> {
  const { step } = run
  const { context } = environment
  const { image, created } = await rootOf(run, environment)
  const what = `The step "${step.name}"`
  const { result, outputs } = await runSandbox(
    image,
    {
      args: ['/bin/sh', '-e', '-c', step.run],
      environment: variables(step, created),
      folder: stepFolder,
      inputs: inputsOf(run),
      mtime: created,
      outputs: step.outputs.map(({ source }) => source),
      timeout: step.timeout,
    },
    {
      program,
      temporaryDir: context.temporaryDir,
      node: process.execPath,
      signal: context.signal,
      what,
    },
  )
  if (result.exitCode === 0) return outputs
  const how =
    result.exitCode === undefined ? `did not end within ${step.timeout} s` : `ended with ${result.exitCode}`
  throw new TemperError('step-failed', `${what} ${how}${tail(result.output)}`, {
    hint: 'It runs as an unprivileged user, without network, with only the packages that it names.',
    details: { step: step.name, exitCode: result.exitCode ?? null },
  })
}

const { format, definition } = defaultCompressor('zstd')

/** The layers of a sandbox are unpacked at once, and nobody sees them: as small as an image's they took a third of its CPU time. */
const sandboxLayers: Compressor = { format, definition, level: 1 }

/** The root that it runs over is an image like any other, but for being proved: nobody runs it but us. */
async function rootOf(
  { recipe, step, platform, packages: locked }: StepRun,
  environment: { readonly context: Context; readonly tools: AssemblyTools },
): Promise<{ readonly image: Image; readonly created: number }> {
  const root = stepRootRecipe(recipe, step)
  const request = {
    recipe: root,
    architecture: platform.architecture,
    files: [],
    locked: { packages: locked, pruned: [] },
  }
  const { context } = environment
  const inside = { context, tools: await environment.tools.compressingBy(sandboxLayers) }
  const packages = await gatherContents(locked, { recipe: root }, inside)
  const plan = await planPlatform(packages, request, inside)
  const { image } = await composeImage(plan, { ...request, relaxations: [] }, inside)
  return { image, created: plan.created }
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function variables(step: StepRequest, created: number): readonly string[] {
  const all = {
    PATH: path,
    HOME: '/tmp',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    SOURCE_DATE_EPOCH: String(created),
    ...step.environment,
  }
  return Object.entries(all).map(([name, value]) => `${name}=${value}`)
}

/** Lines of what a program printed that an error shows. */
const mostLines = 20

function tail(output: string): string {
  const lines = output.trim().split('\n').slice(-mostLines)
  const text = lines.map((line) => `  ${printableLine(line, { most: 500 })}`).join('\n')
  return text.trim() === '' ? ', and printed nothing' : `:\n${text}`
}
