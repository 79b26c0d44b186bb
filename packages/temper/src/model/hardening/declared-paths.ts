import type { Recipe } from '../recipe.ts'

/**
 * Absolute paths for which the recipe allows another owner or writer than root, including everything below them:
 * volumes, the runtime user's home, and paths to which the recipe gives an owner or permissions.
 */
export function declaredPaths(
  recipe: Pick<Recipe, 'volumes' | 'paths'>,
  user: { readonly home?: string },
): readonly string[] {
  const owned = recipe.paths.flatMap((request) => {
    if (request.type === 'directory' || request.type === 'file')
      return request.uid === 0 ? [] : [request.path]
    return request.type === 'permissions' ? [request.path] : []
  })
  const home = user.home === undefined || user.home === '/' ? [] : [user.home]
  return [...recipe.volumes, ...owned, ...home]
}

/** Whether a path (no leading slash) is one of those that are declared, or below one. */
export function isBelow(declared: readonly string[]): (path: string) => boolean {
  const folders = declared.map((path) => path.replace(/^\/+|\/+$/g, '')).filter((path) => path !== '')
  return (path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
}
