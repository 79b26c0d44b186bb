import { existsSync } from 'node:fs'
import { isAbsolute, resolve as resolvePath } from 'node:path'
import { recipeHost } from '../../base/http/folders.ts'
import type { Recipe } from '../../model/recipe.ts'
import { parseReference } from '../../oci/reference.ts'
import { isAddress } from '../../recipe/normalise/source-name.ts'

/** A key's address as it is, or its path beside the recipe, or beside one that it extends. */
export function locatedKey(key: string, folders: readonly string[]): string {
  return isAddress(key) ? key : located(key, folders)
}

/**
 * What a recipe names beside it and is not there, besides files that an image or a step gets: keys, folders of packages, the image that
 * it begins with. As the recipe writes them.
 */
export function missingBeside(
  { contents: { keyring, repositories }, base }: Pick<Recipe, 'contents' | 'base'>,
  folders: readonly string[],
): readonly string[] {
  const keys = [...keyring, ...repositories.flatMap(({ key }) => key ?? [])].filter((key) => !isAddress(key))
  const archives = repositories.flatMap(({ address }) => {
    const url = new URL(address)
    return url.host === recipeHost ? [`.${decodeURIComponent(url.pathname)}`] : []
  })
  const reference = base === undefined ? undefined : parseReference(base.image)
  // Absolute paths are of the machine that builds, which may be another one.
  const image = reference !== undefined && 'path' in reference && !isAbsolute(reference.path)
  const named = [...keys, ...archives, ...(image ? [reference.path] : [])]
  return [...new Set(named)].filter((name) => !existsSync(located(name, folders)))
}

function located(name: string, folders: readonly string[]): string {
  const paths = folders.map((folder) => resolvePath(folder, name))
  return paths.find((path) => existsSync(path)) ?? paths[0] ?? name
}
