import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Kysely } from 'kysely'
import pLimit from 'p-limit'
import { z } from 'zod'
import type { Schema } from '../database/schema.ts'

/* Recipes that were sent to the API: the database has them, and each server writes those that it needs into its folder. */

/** A recipe as it is sent to the API. */
export interface SentRecipe {
  readonly name: string
  readonly text: string
  /** Files beside it, such as keys and configuration: text by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Recipes that extend each other, one after another. */
const chainLimit = 100

/**
 * The folder of recipes that were sent to the API: a catalogue, in which one recipe finds another that it extends by
 * its name.
 */
export function recipeFolder(data: string): string {
  return join(data, 'recipes')
}

export function sentPath(data: string, name: string): string {
  return join(recipeFolder(data), 'catalog', name, 'recipe.yaml')
}

/** Files as the database has them: the same for the same files. */
export function filesText(files: SentRecipe['files']): string {
  const names = Object.keys(files).sort()
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, files[name]])))
}

/** Two builds of this process do not put the same recipe there at once. */
const oneAtATime = pLimit(1)

/** Writes a recipe, and those that it extends, as the database has them. What it knows no files of stays as it is here. */
export async function writeSent(
  { db, data }: { readonly db: Kysely<Schema>; readonly data: string },
  name: string,
): Promise<void> {
  let wanted: string | null = name
  for (let depth = 0; wanted !== null && depth < chainLimit; depth++) {
    const row: { text: string; files: string | null; extends: string | null } | undefined = await db
      .selectFrom('recipes')
      .select(['text', 'files', 'extends'])
      .where('name', '=', wanted)
      .where('source', '=', 'api')
      .executeTakeFirst()
    if (row === undefined) return
    if (row.files !== null) {
      await placeSent(recipeFolder(data), { name: wanted, text: row.text, files: filesOf(row.files) })
    }
    wanted = row.extends
  }
}

function filesOf(text: string): Readonly<Record<string, string>> {
  return z.record(z.string(), z.string()).parse(JSON.parse(text))
}

/**
 * Puts a recipe with its files into a folder of recipes, whole or not at all, and returns its path there. `check` may refuse it by throwing,
 * given the path where it was written first.
 */
export async function placeSent(
  folder: string,
  { name, text, files }: SentRecipe,
  check?: (path: string) => Promise<void>,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = join(folder, 'catalog', name)
  const path = join(place, 'recipe.yaml')
  const contents = { ...files, 'recipe.yaml': text }
  const isSame = async () => filesText(await contentsOf(place)) === filesText(contents)
  if (check === undefined && (await isSame())) return path
  const incoming = await mkdtemp(join(folder, '.incoming-'))
  try {
    const made = join(incoming, name)
    await mkdir(made)
    for (const [file, content] of Object.entries(contents))
      await writeFile(join(made, file), content, { mode: 0o600 })
    await check?.(join(made, 'recipe.yaml'))
    await oneAtATime(async () => {
      if (await isSame()) return
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      await rename(place, join(incoming, '.before')).catch(ifThere)
      await rename(made, place)
    })
    return path
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

/** Recipes that lie in the folder of a server, with what lies beside them. */
export async function sentRecipes(data: string): Promise<readonly SentRecipe[]> {
  const catalog = join(recipeFolder(data), 'catalog')
  const recipes: SentRecipe[] = []
  for (const name of (await readdir(catalog).catch(() => [])).sort()) {
    const { 'recipe.yaml': text, ...files } = await contentsOf(join(catalog, name))
    if (text !== undefined) recipes.push({ name, text, files })
  }
  return recipes
}

/** Texts of all files of a folder by name; nothing for one that is not there. */
async function contentsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder).catch(() => [])
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
