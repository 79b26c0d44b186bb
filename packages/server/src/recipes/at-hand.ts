import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RecipeRow } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { TemperError } from '../temper.ts'
import { putRecipe } from './recipes.ts'
import { filesText, sentPath, sentRecipes, writeSent } from './sent.ts'

/** Milliseconds between looks whether this server's folder has what another one read. */
const every = 1000

type World = Pick<FactoryWorld, 'db' | 'data' | 'recipes' | 'takeRecipes'>

/**
 * A recipe with its path on this server: one that came by the API is written here as the database has it, and of a watched folder
 * this server has to see the same text that was read, lest it build what was there before. Throws `network` when it does not within
 * `patience` milliseconds: another server may, or this one later.
 */
export async function atHand<R extends RecipeRow>(
  world: World,
  recipe: R,
  { patience }: { readonly patience: number },
): Promise<R> {
  const { db, data, recipes } = world
  if (recipe.source === 'api') {
    await writeSent(world, recipe.name)
    const path = sentPath(data, recipe.name)
    const isHere = await access(path).then(
      () => true,
      () => false,
    )
    if (isHere) return { ...recipe, path }
    throw new TemperError(
      'network',
      `The recipe ${recipe.name} is not here: it was sent to a server of an earlier version, which has it in its folder`,
      { hint: 'Send it again, or start that server again with this version.' },
    )
  }
  const path = recipe.below === null || recipes === undefined ? recipe.path : join(recipes, recipe.below)
  const end = performance.now() + patience
  for (let known = recipe.text; ; ) {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === known) return { ...recipe, text, path }
    await world.takeRecipes?.().catch(() => undefined)
    if (performance.now() > end)
      throw new TemperError(
        'network',
        `The recipe ${recipe.name} is not here as it was read: expected the text in the database, found ${text === undefined ? 'no file' : 'another text'} in ${path}`,
        { hint: 'Give all servers of a database the same folder or repository of recipes.' },
      )
    await delay(every)
    // It may have changed twice.
    const row = await db
      .selectFrom('recipes')
      .select('text')
      .where('name', '=', recipe.name)
      .executeTakeFirst()
    known = row?.text ?? known
  }
}

/** Recipes that came by the API before the database had their files. */
export async function adoptSent(world: Pick<FactoryWorld, 'db' | 'data'>): Promise<void> {
  for (const { name, text, files } of await sentRecipes(world.data))
    await world.db
      .updateTable('recipes')
      .set({ files: filesText(files) })
      .where('name', '=', name)
      .where('source', '=', 'api')
      .where('text', '=', text)
      .where('files', 'is', null)
      .execute()
}

/** Takes over what lies in the folder of this server and the database has lost. */
export async function putSent(world: FactoryWorld): Promise<void> {
  const rows = await world.db.selectFrom('recipes').select('name').execute()
  const known = new Set(rows.map(({ name }) => name))
  for (const { name, text, files } of (await sentRecipes(world.data)).filter((each) => !known.has(each.name)))
    await putRecipe(world, {
      name,
      text,
      source: 'api',
      path: sentPath(world.data, name),
      files: filesText(files),
    })
}
