import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { LockedStep } from '../../model/lock.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { SandboxFile } from '../../model/recipe-parts/sandbox.ts'
import type { StepFile, StepRequest } from '../../model/recipe-parts/step.ts'

/** What a lock records of an object that a step made. */
export function stepFileOf({ path: name, type, mode, content, target }: SandboxFile): StepFile {
  if (type === 'directory') return { name, type }
  if (type === 'symlink') return { name, type, ...(target === undefined ? {} : { target }) }
  const executable = (mode & 0o100) === 0 ? {} : ({ executable: true } as const)
  return { name, type, ...executable, digest: sha256(content), size: content.length }
}

/** Everything that a step made, each object once, since outputs may overlap. */
export function stepFilesOf(outputs: readonly (readonly SandboxFile[])[]): readonly StepFile[] {
  const all = new Map(outputs.flat().map((file) => [file.path, stepFileOf(file)]))
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The files of a step in the form in which the image gets them. */
export function imageFilesOf(
  { outputs }: StepRequest,
  made: readonly (readonly SandboxFile[])[],
): readonly RecipeFile[] {
  return outputs.flatMap((output, i) =>
    (made[i] ?? []).map(({ path, type, mode: given, content, target }): RecipeFile => {
      const { uid, gid, source } = output
      const mode = type !== 'file' || (given & 0o100) !== 0 ? 0o755 : 0o644
      const request = {
        source: path,
        path: path === source ? output.path : `${output.path}/${path.slice(source.length + 1)}`,
        mode: type === 'file' ? (output.mode ?? mode) : mode,
        uid,
        gid,
      }
      const kind = type === 'file' ? {} : { type }
      return { request, asked: output, ...kind, content, ...(target === undefined ? {} : { target }) }
    }),
  )
}

/**
 * Compares what a step made with what it made when the recipe was locked. Throws `step-differs`, which names the
 * files.
 */
export function checkMade(made: readonly StepFile[], locked: LockedStep, platform: string): void {
  const before = new Map(locked.outputs.map((file) => [file.name, file]))
  const now = new Map(made.map((file) => [file.name, file]))
  const names = [...new Set([...before.keys(), ...now.keys()])].sort()
  const differing = names.flatMap((name) => {
    const how = difference(before.get(name), now.get(name))
    return how === undefined ? [] : [`${name}: ${how}`]
  })
  if (differing.length === 0) return
  const told = differing.slice(0, mostTold).map((line) => `  ${line}`)
  const more = differing.length > mostTold ? [`  and ${differing.length - mostTold} more`] : []
  throw new TemperError(
    'step-differs',
    `The step "${locked.name}" (${platform}) made different files than when the recipe was locked:\n${[...told, ...more].join('\n')}`,
    {
      hint: 'Something in it depends on more than its inputs: the time, a random number, the order of a folder, the number of processors. Make that constant, then make the lock again.',
      details: { step: locked.name, platform, differing: differing.slice(0, 100) },
    },
  )
}

/** Files that an error names. */
const mostTold = 10

function difference(before: StepFile | undefined, now: StepFile | undefined): string | undefined {
  if (before === undefined) return 'was not there before'
  if (now === undefined) return 'is missing'
  if (before.type !== now.type) return `expected a ${before.type}, found a ${now.type}`
  if (before.target !== now.target) return `expected a link to ${before.target}, found one to ${now.target}`
  if (before.digest !== now.digest)
    return `expected ${before.digest} (${before.size} bytes), found ${now.digest} (${now.size} bytes)`
  if (before.executable !== now.executable) return 'other permissions'
  return undefined
}
