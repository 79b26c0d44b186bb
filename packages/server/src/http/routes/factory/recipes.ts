import { createRoute, z } from '@hono/zod-openapi'
import { orderBuild } from '../../../builds/records.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { isFileName, isPlainName, putRecipe, writeRecipe } from '../../../recipes/recipes.ts'
import { recipeFolder } from '../../../recipes/sent.ts'
import { TemperError } from '../../../temper.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demand, visible } from './guard.ts'

const recipe = z
  .object({
    name: z.string(),
    source: z.enum(['api', 'folder']),
    extends: z.string().nullable(),
    updated: z.iso.datetime(),
  })
  .openapi('Recipe')

const asked = z
  .strictObject({
    name: z.string().refine(isPlainName, 'expected the name of an image, without folder and tag'),
    recipe: z.string().min(1).openapi({ description: 'the text of the recipe, YAML' }),
    files: z
      .record(z.string().refine(isFileName, 'expected the name of a file'), z.string())
      .default({})
      .openapi({ description: 'files beside it that it names, such as keys of archives: text by name' }),
  })
  .openapi('RecipeRequest')

const ordered = z
  .object({
    name: z.string(),
    build: z.string().nullable().openapi({ description: 'id of the build; null when nothing has changed' }),
  })
  .openapi('RecipeTaken')

const list = createRoute({
  method: 'get',
  path: '/api/recipes',
  summary: 'Recipes of images that you may pull',
  responses: {
    200: { description: 'by name', content: { 'application/json': { schema: z.array(recipe) } } },
    ...problemResponses,
  },
})

const post = createRoute({
  method: 'post',
  path: '/api/recipes',
  summary: 'Takes a recipe, and builds its image',
  request: { body: { content: { 'application/json': { schema: asked } }, required: true } },
  responses: {
    201: { description: 'it is taken', content: { 'application/json': { schema: ordered } } },
    ...problemResponses,
  },
})

export function addRecipeRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  app.openapi(list, async (c) => {
    const rows = await factory.db
      .selectFrom('recipes')
      .select(['name', 'source', 'extends', 'updated'])
      .where('removed', '=', false)
      .orderBy('name')
      .execute()
    const shown = rows.map(({ updated, ...row }) => ({ ...row, updated: updated.toISOString() }))
    return c.json(visible(c.var.principal, shown), 200)
  })
  app.openapi(post, async (c) => {
    const { name, recipe: text, files } = c.req.valid('json')
    const { principal } = c.var
    demand(principal, 'maintain', name)
    const before = await factory.db
      .selectFrom('recipes')
      .select('source')
      .where('name', '=', name)
      .executeTakeFirst()
    if (before?.source === 'folder')
      throw new ProblemError(400, 'The recipe is one of the watched folder', 'change it there')
    // Whoever extends a recipe gets what is in it, with the files beside it.
    const mayExtend = (base: string) => demand(principal, 'pull', base)
    const given = await writeRecipe(factory, { name, text, files }, { mayExtend }).catch((error: unknown) => {
      if (error instanceof TemperError && error.exitCode === 2)
        throw new ProblemError(400, 'The recipe is wrong', toldOf(error, factory))
      throw error
    })
    if (!(await putRecipe(factory, given))) return c.json({ name, build: null }, 201)
    await audit.add({ who: principal.name, action: 'put-recipe', subject: name }, now())
    const reason =
      before === undefined ? 'built because its recipe was added' : 'rebuilt because its recipe has changed'
    return c.json({ name, build: await orderBuild(factory, { image: name, reason, trigger: 'recipe' }) }, 201)
  })
}

/** What is wrong and what to do, without the place where a recipe lies while it is looked at. */
function toldOf(error: TemperError, { data }: FactoryWorld): string {
  const { message, code } = error
  // Recipes that there are may be those of others.
  const advice = code === 'recipe-not-found' ? 'Send what it extends before it.' : error.advice()
  const told = advice === undefined ? message : `${message}${message.includes('\n') ? '\n' : '. '}${advice}`
  return told.replaceAll(`${recipeFolder(data)}/`, '').replace(/\.incoming-\w+\//g, '')
}
