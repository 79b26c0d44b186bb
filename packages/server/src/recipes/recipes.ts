import { access, readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { sql } from 'kysely'
import type { RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { proposesLocks } from '../telling/channel.ts'
import { describeRecipe, extendedRecipe, type RecipeDescription, TemperError } from '../temper.ts'
import { filesText, placeSent, recipeFolder, type SentRecipe, sentPath, writeSent } from './sent.ts'

/** A recipe as it arrived. */
export interface GivenRecipe {
  readonly name: string
  readonly text: string
  readonly source: RecipeRow['source']
  /** Absolute path of its file. */
  readonly path: string
  /** SHA-256 of the files beside it, where those are watched. */
  readonly beside?: string
  /** Files beside one that came by the API, as the database has them. */
  readonly files?: string | null
}

type World = Pick<FactoryWorld, 'db' | 'context' | 'data' | 'now' | 'recipes'>

/**
 * Checks a recipe that was sent to the API, and writes it beside the others with its files. Throws the errors of
 * reading it, and what `mayExtend` throws of the recipe that it extends; then the previous one stays.
 */
export async function writeRecipe(
  world: World,
  sent: SentRecipe,
  { mayExtend }: { readonly mayExtend: (base: string) => void },
): Promise<GivenRecipe> {
  const { name, text, files } = sent
  const base = await extendedRecipe(text, name)
  if (base !== undefined) await demandExtendable({ ...world, mayExtend }, base, sent)
  const own = recipeFolder(world.data)
  const path = await placeSent(own, sent, async (incoming) => {
    const description = await describeRecipe({ target: incoming }, inFolder(world, own)).catch(
      (error: unknown) => {
        const missing = error instanceof TemperError ? error.details['missing'] : undefined
        throw typeof missing === 'string' ? notSent(missing, files) : error
      },
    )
    const [missing] = description.missing
    if (missing !== undefined) throw notSent(missing, files)
    if (description.name !== name)
      throw new TemperError(
        'bad-recipe',
        `The recipe is named ${description.name}, but was sent as ${name}`,
        {
          hint: 'Use one name for both.',
        },
      )
  })
  return { name, text, source: 'api', path, files: filesText(files) }
}

/**
 * Throws unless a recipe that was sent may extend another one: by name, before anything is opened. A path would be one of this machine, and what
 * is wrong with the file there would be told to the sender; a file that was sent with it could name such a path in turn.
 */
async function demandExtendable(
  { db, data, mayExtend }: Pick<World, 'db' | 'data'> & { readonly mayExtend: (base: string) => void },
  base: string,
  { files }: SentRecipe,
): Promise<void> {
  if (!isPlainName(base) || Object.hasOwn(files, base))
    throw new TemperError(
      'bad-recipe',
      `A recipe that comes by the API extends others by name, not "${base.slice(0, 80)}"`,
    )
  // It may have been sent to another server.
  await writeSent({ db, data }, base)
  const isOurs = await access(sentPath(data, base)).then(
    () => true,
    () => false,
  )
  // Those that ship with the program are everybody's.
  if (isOurs) mayExtend(base)
}

/** A recipe that came without something that it names would fail in its build, and tell whoever looks there. */
function notSent(name: string, files: SentRecipe['files']): TemperError {
  const sent = Object.keys(files).sort()
  return new TemperError(
    'bad-recipe',
    `The recipe names "${name.slice(0, 200)}", which was not sent with it: expected it in files, found ${sent.length === 0 ? 'none there' : sent.join(', ')}`,
    {
      hint: isFileName(name)
        ? 'Send its text in files, under this name.'
        : 'What is sent lies beside the recipe, without folders: send a file under a plain name and name it so, or serve a folder at an address.',
    },
  )
}

/** Names of files beside a recipe: no folders and no hidden files. */
export function isFileName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text) && !/^recipe\.(?:ya?ml|lock\.json)$/.test(text)
}

/** Names of images without folders, as recipes have them. */
export function isPlainName(text: string): boolean {
  return text.length <= 100 && /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(text)
}

/** Takes a recipe over; returns whether it is new or has changed: to one server, when several see the same at once. */
export async function putRecipe({ db, now, recipes }: World, recipe: GivenRecipe): Promise<boolean> {
  const { name, text, source, path, beside = null, files = null } = recipe
  // What is no recipe the build says.
  const base = await extendedRecipe(text, path).catch(() => undefined)
  const below = source === 'folder' && recipes !== undefined ? belowOf(recipes, path) : null
  const row = {
    name,
    text,
    source,
    path,
    below,
    beside,
    files,
    updated: now(),
    checked: null,
    removed: false,
    extends: extendedName(base, path) ?? null,
  }
  const isOther = sql<boolean>`recipes.removed or recipes.text <> excluded.text or recipes.source <> excluded.source
    or (recipes.source = 'api' and recipes.files is distinct from excluded.files)
    or (recipes.below is not null and recipes.below is distinct from excluded.below)
    or (recipes.beside is not null and recipes.beside is distinct from excluded.beside)`
  const taken = await db
    .insertInto('recipes')
    .values(row)
    .onConflict((c) => c.column('name').doUpdateSet(row).where(isOther))
    .returning('name')
    .executeTakeFirst()
  if (taken !== undefined) return true
  // Read by a version that did not write these down.
  await db
    .updateTable('recipes')
    .set({ beside, below })
    .where('name', '=', name)
    .where((e) => e.or([e('beside', 'is distinct from', beside), e('below', 'is distinct from', below)]))
    .execute()
  return false
}

function belowOf(folder: string, path: string): string | null {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null
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
