import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { mapLimit } from '../base/concurrency.ts'
import type { Digest } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { fileError } from '../base/file.ts'
import { closest } from '../base/suggestion.ts'
import { type CertificateFile, certificateFileLimit } from '../model/certificate-file.ts'
import type { Recipe } from '../model/recipe.ts'
import { movingHint } from './dockerfile.ts'
import { type RecipeMemory, rememberedRecipe } from './memory.ts'
import { recipeChecksum } from './normalise/checksum.ts'
import type { ReadRecipe } from './read.ts'
import { readRecipeText } from './read-text.ts'
import { nameFromFile } from './recipe-name.ts'
import type { RecipeSource } from './whole.ts'

export interface LoadRecipeOptions {
  /** Folder that relative paths start from, and whose `catalog/` is searched first. Absolute. */
  readonly workingDir: string
  /** Folder of the recipes that ship with Temper. Absolute. */
  readonly catalogDir: string
  /** Values that replace those of the recipe's `vars`. */
  readonly vars?: Readonly<Record<string, string>>
  /** Ids of the releases that a recipe may name, the default one first. Absent: those that Temper knows. */
  readonly releases?: readonly string[]
  /**
   * Folder whose files take precedence over those beside the recipe, as an absolute path: for an application with a
   * recipe of its own.
   */
  readonly context?: string
  /** The version line to read; default: the recipe's own. */
  readonly line?: string
  /** The variant to read; default: "runtime", the recipe itself. */
  readonly variant?: string
  /** Certificates to trust besides those that the recipe names. */
  readonly certificates?: readonly CertificateFile[]
  /** Where parsed recipes are kept between runs; absent: they are parsed each time. */
  readonly memory?: RecipeMemory
}

export interface LoadedRecipe {
  readonly recipe: Recipe
  /** Names of its version lines, its own first; empty when it says nothing of lines. */
  readonly lines: readonly string[]
  /** Names of its variants besides "runtime". */
  readonly variants: readonly string[]
  /** The whole recipe as one text: as it is written, or with variants and extension written out. */
  readonly text: string
  /** The texts that it is made of, as they are written: its own, then those of the recipes that it extends. */
  readonly written: readonly RecipeSource[]
  readonly checksum: Digest
  /** Absolute path of the recipe. */
  readonly file: string
  /** The path as errors and summaries show it: relative to the working folder where that is shorter. */
  readonly shownFile: string
  /** Folders that its files are in: its own, then those of the recipes that it extends. */
  readonly folders: readonly string[]
  /** Absolute path where the lock belongs, whether or not there is one; never inside the installed package. */
  readonly lockFile: string
  /** True when the recipe came from the catalog that ships with Temper. */
  readonly shipped: boolean
}

/**
 * Finds and reads a recipe, with those that it extends. TARGET is a file, a folder with a `recipe.yaml`, or a name:
 * then `catalog/NAME/recipe.yaml` in the working folder comes first, and the catalog that ships after it. Throws
 * `recipe-not-found`, which lists the recipes that there are, and whatever `readRecipe` throws.
 */
export async function loadRecipe(target: string, options: LoadRecipeOptions): Promise<LoadedRecipe> {
  const place = await findRecipe(target, options)
  const { line, variant = 'runtime' } = options
  const shownFile = shownPath(place.file, options.workingDir)
  const text = await readRecipeText(place.file, shownFile)
  const extended = await extendedRecipes({ ...place, text, shownFile }, options)
  const read = await rememberedRecipe(
    {
      text,
      name: nameFromFile(place.file),
      file: shownFile,
      vars: options.vars ?? {},
      ...(options.releases === undefined ? {} : { releases: options.releases }),
      ...(line === undefined ? {} : { line }),
      ...(variant === 'runtime' ? {} : { variant }),
      extended: extended.map(({ text, shownFile }) => ({ text, file: shownFile })),
    },
    options.memory,
  )
  const own = options.context === undefined ? [] : [options.context]
  const folders = [...new Set([...own, ...[place, ...extended].map(({ file }) => dirname(file))])]
  const { recipe, certificates } = await trusting(read, options.certificates ?? [], folders)
  return {
    recipe,
    lines: read.lines,
    variants: read.variants,
    text: read.isPlain && certificates.length === 0 ? text : await flatText(read, certificates),
    written: [
      { text, file: shownFile },
      ...extended.map((other) => ({ text: other.text, file: other.shownFile })),
    ],
    checksum: recipeChecksum(recipe),
    file: place.file,
    shownFile,
    folders,
    lockFile: lockFileOf(place, { line, variant }, options.workingDir),
    shipped: place.shipped,
  }
}

/** The recipe with the certificates that it names, and those that somebody gives besides. */
async function trusting(
  { recipe, certificates: named }: ReadRecipe,
  given: readonly CertificateFile[],
  folders: readonly string[],
): Promise<{ readonly recipe: Recipe; readonly certificates: readonly string[] }> {
  if (named.length === 0 && given.length === 0) return { recipe, certificates: [] }
  const { readCertificates, withCertificates } = await import('./certificates.ts')
  const { readBeside } = await import('./source/file-source.ts')
  const files = await mapLimit(named, 4, async (name) => {
    const isText = name.includes('-----BEGIN ')
    if (isText) return { name: "the recipe's certificates", bytes: new TextEncoder().encode(name) }
    return { name, bytes: await readBeside(name, { folders, limit: certificateFileLimit }) }
  })
  const certificates = readCertificates([...files, ...given])
  return { recipe: withCertificates(recipe, certificates), certificates }
}

async function flatText({ value, recipe }: ReadRecipe, certificates: readonly string[]): Promise<string> {
  const { writeRecipe } = await import('./document/write.ts')
  return writeRecipe(certificates.length === 0 ? value : { ...(value as object), certificates }, recipe)
}

/**
 * Beside the recipe; for one that ships with Temper in the working folder, under the name of its folder: the package that
 * is installed belongs to all, and the next version replaces it.
 */
function lockFileOf(
  { file, shipped }: LocatedRecipe,
  { line, variant }: { readonly line: string | undefined; readonly variant: string },
  workingDir: string,
): string {
  const which = [...(line === undefined ? [] : [line]), ...(variant === 'runtime' ? [] : [variant])]
  const end = ['', ...which, 'lock', 'json'].join('.')
  const isOwn = !shipped || isInside(file, workingDir)
  if (isOwn) return `${file.replace(/\.(ya?ml|json)$/, '')}${end}`
  return join(workingDir, `${basename(dirname(file))}${end}`)
}

interface RecipeText extends LocatedRecipe {
  readonly text: string
  readonly shownFile: string
}

/** Recipes that extend recipes that extend recipes…: nobody follows more. */
const longestChain = 8

/** The recipes that one extends, the nearest first. */
async function extendedRecipes(
  first: RecipeText,
  options: LoadRecipeOptions,
): Promise<readonly RecipeText[]> {
  const chain = [first]
  for (let last = first; ; ) {
    const name = await extendedRecipe(last.text, last.shownFile)
    if (name === undefined) return chain.slice(1)
    if (chain.length > longestChain)
      throw new TemperError(
        'bad-recipe',
        `${first.shownFile}: extends more than ${longestChain} recipes in a chain`,
      )
    const passed = new Set(chain.map(({ file }) => file))
    const base = await findRecipe(name, { ...options, beside: dirname(last.file), passed })
    const shownFile = shownPath(base.file, options.workingDir)
    if (passed.has(base.file))
      throw new TemperError('bad-recipe', `${last.shownFile}: extends ${shownFile}, which extends this one`, {
        hint: 'Move what both need into a separate recipe.',
      })
    last = { ...base, shownFile, text: await readRecipeText(base.file, shownFile) }
    chain.push(last)
  }
}

/** The recipe that a text extends, as it is written: a name or a path. Throws `bad-recipe` for what is none, and for a text that is no YAML. */
export async function extendedRecipe(text: string, file: string): Promise<string | undefined> {
  // Most recipes extend none, and then nothing needs the library that reads them.
  if (!text.includes('extends')) return undefined
  const { extendedBy } = await import('./extended.ts')
  return extendedBy(text, file)
}

interface LocatedRecipe {
  readonly file: string
  readonly shipped: boolean
}

const recipeNames = ['recipe.yaml', 'recipe.yml']

interface Search extends Pick<LoadRecipeOptions, 'workingDir' | 'catalogDir'> {
  /** Folder that a path starts from; default: the working folder. */
  readonly beside?: string
  /** Files to skip: a recipe may extend the shipped one that has the same name. */
  readonly passed?: ReadonlySet<string>
}

async function findRecipe(target: string, options: Search): Promise<LocatedRecipe> {
  if (target === '' || target.includes('\0'))
    throw new TemperError(
      'recipe-not-found',
      'Expected a recipe: a path, or a name in the catalogue; found nothing',
    )
  const own = join(options.workingDir, 'catalog')
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(target) && !/\.(ya?ml|json)$/.test(target)) {
    for (const catalog of new Set([own, options.catalogDir])) {
      const file = await recipeIn(join(catalog, target))
      if (file !== undefined && options.passed?.has(file) !== true)
        return { file, shipped: catalog === options.catalogDir }
    }
  }
  const path = resolve(options.beside ?? options.workingDir, target)
  const kind = await kindOf(path)
  const inFolder = kind === 'folder' ? await recipeIn(path) : undefined
  const file = kind === 'file' ? path : inFolder
  if (file !== undefined) return { file, shipped: isInside(file, options.catalogDir) }
  throw await notFound(target, kind, options)
}

async function recipeIn(folder: string): Promise<string | undefined> {
  for (const name of recipeNames) {
    const file = join(folder, name)
    if ((await kindOf(file)) === 'file') return file
  }
  return undefined
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const stats = await stat(path)
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw fileError('read', path, error)
  }
}

/** Names of the recipes in the working folder's catalog and in the one that ships, sorted. */
export async function catalogNames(
  options: Pick<LoadRecipeOptions, 'workingDir' | 'catalogDir'>,
): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const catalog of [join(options.workingDir, 'catalog'), options.catalogDir]) {
    if ((await kindOf(catalog)) !== 'folder') continue
    for (const name of await readdir(catalog))
      if ((await recipeIn(join(catalog, name))) !== undefined) names.add(name)
  }
  return [...names].sort()
}

async function notFound(
  target: string,
  kind: 'file' | 'folder' | 'other' | undefined,
  options: Search,
): Promise<TemperError> {
  const names = await catalogNames(options)
  const near = closest(basename(target), names)
  const list = names.length === 0 ? 'The catalogue is empty.' : `The catalogue has: ${names.join(', ')}.`
  const short = target.slice(0, 200)
  if (kind === 'folder' && (await kindOf(join(resolve(options.workingDir, target), 'Dockerfile'))) === 'file')
    return new TemperError(
      'recipe-not-found',
      `Cannot find the recipe: the folder "${short}" has a Dockerfile, but no recipe.yaml`,
      { hint: movingHint, details: { target, catalog: names } },
    )
  const what =
    kind === 'folder'
      ? `the folder "${short}" has no recipe.yaml`
      : kind === 'other'
        ? `"${short}" is not a file`
        : `there is no recipe "${short}", neither in the catalogue nor as a file or folder`
  return new TemperError('recipe-not-found', `Cannot find the recipe: ${what}`, {
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}${list}`,
    details: { target, catalog: names },
  })
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file)
  return path !== '' && !path.startsWith('..') && !isAbsolute(path)
}

function shownPath(file: string, workingDir: string): string {
  return isInside(file, workingDir) ? relative(workingDir, file) : file
}
