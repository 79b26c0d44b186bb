import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { orderBuild } from '../builds/records.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { reasonOfLock } from '../watch/installed.ts'
import { committedLock, isPlainName, putRecipe } from './recipes.ts'

/** Largest recipe that is read. */
const recipeLimit = 1 << 20
/** Files beside a recipe that are looked at, and how large a file is of which more than the size counts. */
const fileLimit = 10_000
const besideLimit = 64 << 20

interface FoundRecipe {
  readonly name: string
  readonly path: string
}

/**
 * Takes over the contents of the watched folder, and orders builds of recipes that are new or have changed. Recipes
 * that are gone are no longer built.
 */
export async function readRecipeFolder(world: FactoryWorld, folder: string): Promise<void> {
  const { db, log } = world
  const recipes = await recipesIn(folder)
  const changed = new Map<string, { readonly reason: string; readonly base: string | null }>()
  for (const { name, path } of recipes) {
    const text = await readFile(path, 'utf8')
    if (text.length > recipeLimit) {
      log.warn({ path }, 'a recipe is too large')
      continue
    }
    const before = await db.selectFrom('recipes').select('text').where('name', '=', name).executeTakeFirst()
    const beside = await besideOf(path, { folder, recipes })
    if (!(await putRecipe(world, { name, text, source: 'folder', path, beside }))) continue
    const { extends: base } = await db
      .selectFrom('recipes')
      .select('extends')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    const reason = (await reasonByLock(world, { name, path })) ?? reasonOf(before?.text, text)
    changed.set(name, { reason: before?.text === text ? reason : reasonOf(before?.text, text), base })
  }
  // What stands on one that is about to be built follows it.
  for (const [name, { reason, base }] of changed)
    if (base === null || !changed.has(base))
      await orderBuild(world, { image: name, trigger: 'recipe', reason })
  const names = recipes.map(({ name }) => name)
  await db
    .updateTable('recipes')
    .set({ removed: true })
    .where('source', '=', 'folder')
    .$if(names.length > 0, (q) => q.where('name', 'not in', names))
    .execute()
}

/** Where locks are proposed, what comes back from there is told by what it repairs. */
async function reasonByLock(world: FactoryWorld, recipe: FoundRecipe): Promise<string | undefined> {
  const lock = await committedLock(world, recipe)
  if (lock === undefined) return undefined
  // What is wrong with it the build says.
  return await reasonOfLock(world, recipe.name, lock).catch(() => undefined)
}

function reasonOf(before: string | undefined, text: string): string {
  if (before === undefined) return 'built because its recipe was added'
  return before === text
    ? 'rebuilt because a file beside its recipe has changed'
    : 'rebuilt because its recipe has changed'
}

/** SHA-256 of what lies beside a recipe: of its own folder all, of a shared one what is no recipe. */
async function besideOf(
  path: string,
  { folder, recipes: all }: { readonly folder: string; readonly recipes: readonly FoundRecipe[] },
): Promise<string> {
  const recipes = new Set(all.map((each) => each.path))
  const isOwn = /^recipe\.ya?ml$/.test(basename(path))
  const hash = createHash('sha256')
  const entries = await readdir(dirname(path), { recursive: isOwn, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !recipes.has(file) && !basename(file).startsWith('.'))
    .sort()
    .slice(0, fileLimit)
  for (const file of files) {
    const { size } = await stat(file)
    // Another server may have the folder elsewhere.
    hash.update(`${relative(folder, file)}\0${size}\0`)
    if (size <= besideLimit) hash.update(await readFile(file))
  }
  return hash.digest('hex')
}

/** NAME.yaml, NAME/recipe.yaml and catalog/NAME/recipe.yaml. */
async function recipesIn(folder: string): Promise<readonly FoundRecipe[]> {
  const recipes = new Map<string, FoundRecipe>()
  for (const at of [folder, join(folder, 'catalog')])
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      const recipe = entry.isDirectory()
        ? await inOwnFolder(at, entry.name)
        : /\.ya?ml$/.test(entry.name)
          ? { name: basename(entry.name).replace(/\.ya?ml$/, ''), path: join(at, entry.name) }
          : undefined
      if (recipe !== undefined && isPlainName(recipe.name) && !recipes.has(recipe.name))
        recipes.set(recipe.name, recipe)
    }
  return [...recipes.values()]
}

async function inOwnFolder(at: string, name: string): Promise<FoundRecipe | undefined> {
  const names = await readdir(join(at, name))
  const file = ['recipe.yaml', 'recipe.yml'].find((each) => names.includes(each))
  return file === undefined ? undefined : { name, path: join(at, name, file) }
}
