import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { proposesLocks } from '../telling/channel.ts'
import { describeRecipe, type RecipeDescription, TemperError } from '../temper.ts'

/** A recipe as it arrived. */
export interface GivenRecipe {
  readonly name: string
  readonly text: string
  readonly source: RecipeRow['source']
  /** Absolute path of its file. */
  readonly path: string
  /** SHA-256 of the files beside it, where those are watched. */
  readonly beside?: string
}

type World = Pick<FactoryWorld, 'db' | 'context' | 'data' | 'now' | 'recipes'>

/**
 * The folder of recipes that were sent to the API: a catalogue, in which one recipe finds another that it extends by
 * its name.
 */
export function recipeFolder(data: string): string {
  return join(data, 'recipes')
}

/** A recipe as it is sent to the API. */
export interface SentRecipe extends Pick<GivenRecipe, 'name' | 'text'> {
  /** Files beside it, such as keys and configuration: text by name. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * Checks a recipe that was sent to the API, writes it beside the others with its files, and returns whether anything
 * has changed. Throws the errors of reading it; then the previous one stays.
 */
export async function writeRecipe(
  world: World,
  { name, text, files }: SentRecipe,
): Promise<GivenRecipe & { readonly isOther: boolean }> {
  const { extends: base } = headOf(text)
  if (base !== undefined && !isPlainName(base))
    throw new TemperError(
      'bad-recipe',
      `A recipe that comes by the API extends others by name, not "${base.slice(0, 80)}"`,
    )
  const own = recipeFolder(world.data)
  await mkdir(own, { recursive: true, mode: 0o700 })
  const incoming = await mkdtemp(join(own, '.incoming-'))
  try {
    const folder = join(incoming, name)
    await mkdir(folder)
    for (const [file, content] of Object.entries({ ...files, 'recipe.yaml': text }))
      await writeFile(join(folder, file), content, { mode: 0o600 })
    const description = await describeRecipe({ target: join(folder, 'recipe.yaml') }, inFolder(world, own))
    if (description.name !== name)
      throw new TemperError(
        'bad-recipe',
        `The recipe is named ${description.name}, but was sent as ${name}`,
        {
          hint: 'Use one name for both.',
        },
      )
    const place = join(own, 'catalog', name)
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    const isOther = (await contentsOf(place)) !== (await contentsOf(folder))
    await rename(place, join(incoming, '.before')).catch(ifThere)
    await rename(folder, place)
    return { name, text, source: 'api', path: join(place, 'recipe.yaml'), isOther }
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

/** Names and texts of all files of a folder; nothing for one that is not there. */
async function contentsOf(folder: string): Promise<string> {
  const names = (await readdir(folder).catch(() => [])).sort()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])
  return JSON.stringify(await Promise.all(texts))
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Names of files beside a recipe: no folders and no hidden files. */
export function isFileName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text) && !/^recipe\.(?:ya?ml|lock\.json)$/.test(text)
}

/** Names of images without folders, as recipes have them. */
export function isPlainName(text: string): boolean {
  return text.length <= 100 && /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(text)
}

/** Takes a recipe over; returns whether it is new or has changed. */
export async function putRecipe({ db, now }: World, recipe: GivenRecipe): Promise<boolean> {
  const { name, text, source, path, beside = null } = recipe
  const before = await db.selectFrom('recipes').selectAll().where('name', '=', name).executeTakeFirst()
  const same = before?.text === text && before.path === path && before.beside === beside
  if (same && !before?.removed) return false
  const row = {
    ...{ name, text, source, path, beside, updated: now(), checked: null, removed: false },
    extends: extendedName(headOf(text).extends, path) ?? null,
  }
  await db
    .insertInto('recipes')
    .values(row)
    .onConflict((c) => c.column('name').doUpdateSet(row))
    .execute()
  return true
}

/** As much of a recipe as decides the order of builds: reading it properly is the builds' business. */
function headOf(text: string): { readonly extends?: string } {
  const base = /^extends:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1]
  return base === undefined ? {} : { extends: base }
}

/** The name of a recipe that is extended by its name, or by a path from the one that extends it. */
function extendedName(base: string | undefined, path: string): string | undefined {
  return base === undefined || isPlainName(base) ? base : nameOfPath(resolve(dirname(path), base))
}

/** The name of the recipe at a path: NAME.yaml, NAME/recipe.yaml, or the folder NAME. */
export function nameOfPath(path: string): string {
  const plain = path.replace(/\/recipe\.ya?ml$/, '')
  return basename(plain).replace(/\.ya?ml$/, '')
}

/**
 * The lock beside a recipe, where changes of locks are proposed to the recipes' repository: only locks that were
 * accepted there are built. Undefined elsewhere, and where there is no lock yet.
 */
export async function committedLock(
  { channels }: Pick<FactoryWorld, 'channels'>,
  { name, path }: Pick<RecipeRow, 'name' | 'path'>,
): Promise<string | undefined> {
  if (!proposesLocks(channels, name)) return undefined
  return await readFile(path.replace(/\.ya?ml$/, '.lock.json'), 'utf8').catch(() => undefined)
}

/** What a recipe says about its image. */
export function describe(world: World, recipe: Pick<RecipeRow, 'path'>): Promise<RecipeDescription> {
  return describeRecipe({ target: recipe.path }, inFolder(world, folderOf(world, recipe)))
}

/** The folder that builds of a recipe work in: names of other recipes are looked up below it. */
export function folderOf(
  { data, recipes }: Pick<World, 'data' | 'recipes'>,
  { path }: Pick<RecipeRow, 'path'>,
): string {
  const own = recipeFolder(data)
  return path.startsWith(`${own}/`) || recipes === undefined ? own : recipes
}

export function inFolder({ context }: Pick<World, 'context'>, workingDir: string): World['context'] {
  return { ...context, workingDir }
}
