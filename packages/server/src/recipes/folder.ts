import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { orderBuild } from '../builds/records.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { isPlainName, putRecipe } from './recipes.ts'

/** Largest recipe that is read. */
const recipeLimit = 1 << 20

interface FoundRecipe {
  readonly name: string
  readonly path: string
}

/** Takes over what is in the watched folder, and orders builds of what is new or another than before. What is gone is built no more. */
export async function readRecipeFolder(world: FactoryWorld, folder: string): Promise<void> {
  const { db, log } = world
  const found = await recipesIn(folder)
  for (const { name, path } of found) {
    const text = await readFile(path, 'utf8')
    if (text.length > recipeLimit) {
      log.warn({ path }, 'a recipe is too large')
      continue
    }
    const isNew =
      (await db.selectFrom('recipes').select('name').where('name', '=', name).executeTakeFirst()) ===
      undefined
    if (!(await putRecipe(world, { name, text, source: 'folder', path }))) continue
    await orderBuild(world, {
      ...{ image: name, trigger: 'recipe' },
      reason: isNew ? 'built because its recipe was added' : 'rebuilt because its recipe has changed',
    })
  }
  const names = found.map(({ name }) => name)
  await db
    .updateTable('recipes')
    .set({ removed: true })
    .where('source', '=', 'folder')
    .$if(names.length > 0, (q) => q.where('name', 'not in', names))
    .execute()
}

/** NAME.yaml, NAME/recipe.yaml and catalog/NAME/recipe.yaml. */
async function recipesIn(folder: string): Promise<readonly FoundRecipe[]> {
  const found = new Map<string, FoundRecipe>()
  for (const at of [folder, join(folder, 'catalog')])
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      const recipe = entry.isDirectory()
        ? await inOwnFolder(at, entry.name)
        : /\.ya?ml$/.test(entry.name)
          ? { name: basename(entry.name).replace(/\.ya?ml$/, ''), path: join(at, entry.name) }
          : undefined
      if (recipe !== undefined && isPlainName(recipe.name) && !found.has(recipe.name))
        found.set(recipe.name, recipe)
    }
  return [...found.values()]
}

async function inOwnFolder(at: string, name: string): Promise<FoundRecipe | undefined> {
  const names = await readdir(join(at, name))
  const file = ['recipe.yaml', 'recipe.yml'].find((each) => names.includes(each))
  return file === undefined ? undefined : { name, path: join(at, name, file) }
}
