import { resolve as resolvePath } from 'node:path'
import { collect } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { Lock } from '../../model/lock.ts'
import type { Platform } from '../../model/platform.ts'
import { fileRequests, type Recipe } from '../../model/recipe.ts'
import { dependencySources } from '../../model/recipe-parts/dependency.ts'
import type { RecipeFile } from '../../model/recipe-parts/file-request.ts'
import type { LoadedRecipe } from '../../recipe/load.ts'
import { checkLockFits } from '../../recipe/lock/fit.ts'
import { parseLock } from '../../recipe/lock/lock-file.ts'
import { readRecipeFiles, type SourceContent } from '../../recipe/source/file-source.ts'
import { looksSecret, usedVars } from '../../recipe/used-vars.ts'
import type { Context } from '../context.ts'
import { fetchRecipeFile } from './fetch-recipe-file.ts'
import { choosePlatforms, loadNamed, type TargetRequest } from './named-recipe.ts'

/** A recipe with everything that it needs from beside it. */
export interface RecipeTarget {
  readonly recipe: Recipe
  /** One text that says all of the recipe, and the values that replace vars in it. */
  readonly text: string
  readonly vars: Readonly<Record<string, string>>
  readonly checksum: Digest
  /** The target as the person named it. */
  readonly asked: string
  /** The recipe's path as messages show it. */
  readonly file: string
  /** Where the recipe's files are: its own folder first. */
  readonly folders: readonly string[]
  /** Where its lock belongs. */
  readonly lockFile: string
  readonly platforms: readonly Platform[]
  /** Files that the image gets from beside the recipe or from addresses. */
  readonly files: readonly RecipeFile[]
  /** Files that build steps get. */
  readonly stepFiles: readonly RecipeFile[]
  /** All files of the recipe, as they were read. */
  readonly sources: readonly SourceFile[]
  readonly lockedFiles: Lock['recipe']['files']
}

/** A file beside the recipe or at an address. */
export interface SourceFile {
  /** The name as the recipe writes it; files of a folder are listed one by one. */
  readonly name: string
  readonly content: Uint8Array
}

export async function loadTarget(request: TargetRequest, context: Context): Promise<RecipeTarget> {
  const loaded = await loadNamed(request, context)
  const recipeFiles = await readRecipeFiles(fileRequests(loaded.recipe), {
    folders: loaded.folders,
    installed: context.installed,
    recipe: loaded.file,
    fetch: (address, digest) => fetchRecipeFile({ address, digest }, context),
    fetchCommit: async (source, locate) => {
      const { fetchGitTree } = await import('./fetch-git.ts')
      return await fetchGitTree(source, locate, context)
    },
  })
  const forSteps = new Set<object>((loaded.recipe.steps ?? []).flatMap(({ inputs }) => inputs))
  const lockFiles = new Set<object>((loaded.recipe.dependencies ?? []).flatMap(dependencySources))
  const [files, stepFiles]: [RecipeFile[], RecipeFile[]] = [[], []]
  const sources: SourceFile[] = []
  for (const file of recipeFiles) {
    const content = await collect(file.open(), { limit: file.size, what: file.request.source })
    sources.push({ name: file.request.source, content })
    if (lockFiles.has(file.asked)) continue
    const made = await placedFiles(file, content, context)
    const kept = forSteps.has(file.asked) ? stepFiles : files
    for (const one of made) kept.push(one)
  }
  return {
    recipe: loaded.recipe,
    text: loaded.text,
    vars: toldVars(loaded, request.vars ?? {}, context),
    checksum: loaded.checksum,
    asked: request.target,
    file: loaded.shownFile,
    folders: loaded.folders,
    lockFile: loaded.lockFile,
    platforms: choosePlatforms(request, loaded.recipe),
    files,
    stepFiles,
    sources,
    lockedFiles: recipeFiles.map(({ request: { source }, digest, size }) => ({ name: source, digest, size })),
  }
}

/**
 * What goes somewhere of one file: the file itself, filled in where it is a template, or what is in it as an archive.
 */
async function placedFiles(
  { request, asked }: Pick<SourceContent, 'request' | 'asked'>,
  content: Uint8Array,
  { xzProgram }: Pick<Context, 'xzProgram'>,
): Promise<readonly RecipeFile[]> {
  const { unpack, template, source } = request
  if (unpack !== undefined) {
    const { filesOfArchive } = await import('../../recipe/source/archive-source.ts')
    const files = await filesOfArchive(request, content, { xzProgram })
    return files.map((each) => ({ ...each, asked }))
  }
  if (template === undefined) return [{ request, asked, content }]
  const { filledIn } = await import('../../recipe/source/template.ts')
  return [{ request, asked, content: filledIn(content, { source, values: template }) }]
}

/** The values that count, which provenance tells whoever has the image. */
function toldVars(
  { text, written }: Pick<LoadedRecipe, 'text' | 'written'>,
  given: Readonly<Record<string, string>>,
  { progress }: Context,
): Readonly<Record<string, string>> {
  const used = usedVars(written.map((each) => each.text).join('\n'), given)
  for (const name of Object.keys(given).filter(looksSecret))
    progress.warn(
      Object.hasOwn(used, name)
        ? `The var "${name}" looks like a secret: its value is in the image's provenance and in the cache, where everybody can read it`
        : `The var "${name}" looks like a secret, and the recipe does not use it: its value was not kept, and there is no need to give it`,
    )
  return usedVars(text, given)
}

/**
 * The lock to use: the one named, else the one beside the recipe, else none. Throws `bad-lock` when it was
 * made from another recipe or other files.
 */
export async function findLock(
  named: string | undefined,
  target: RecipeTarget,
  context: Context,
): Promise<{ readonly lock: Lock; readonly path: string } | undefined> {
  const path = named === undefined ? target.lockFile : resolvePath(context.workingDir, named)
  const bytes = await readFileIfExists(path)
  if (bytes === undefined) {
    if (named === undefined) return undefined
    throw new TemperError('not-found', `The lock ${path} does not exist`, {
      next: { action: 'make-lock', recipe: target.asked, file: named },
    })
  }
  const lock = parseLock(Buffer.from(bytes).toString('utf8'), { file: path })
  checkLockFits(lock, target.recipe, { file: path })
  checkFiles(lock, target, path)
  return { lock, path }
}

function checkFiles(lock: Lock, target: RecipeTarget, path: string): void {
  const locked = new Map(lock.recipe.files.map((file) => [file.name, file.digest]))
  const names = new Set(target.lockedFiles.map(({ name }) => name))
  const gone = lock.recipe.files.find(({ name }) => !names.has(name))
  if (gone !== undefined) throw otherFile(gone.name, { locked, target, path })
  const other = target.lockedFiles.find(({ name, digest }) => locked.get(name) !== digest)
  if (other !== undefined) throw otherFile(other.name, { locked, target, path, digest: other.digest })
}

function otherFile(
  name: string,
  {
    locked,
    target,
    path,
    digest,
  }: {
    readonly locked: ReadonlyMap<string, Digest>
    readonly target: RecipeTarget
    readonly path: string
    /** Absent when the file is gone. */
    readonly digest?: Digest
  },
): TemperError {
  const how =
    digest === undefined ? 'has been removed since the lock was made' : 'has changed since the lock was made'
  return new TemperError('bad-lock', `${path}: the recipe's file ${name} ${how}`, {
    hint: 'Restore the file, or make the lock again.',
    next: { action: 'make-lock', recipe: target.asked, file: path },
    details: { file: name, expected: locked.get(name), found: digest },
  })
}
