import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Recipe } from '../../model/recipe.ts'

/**
 * Digest of what a recipe means for the image. It is taken over the normalised recipe, so that comments, order of
 * keys and spellings do not matter. Tests and tags are left out: they do not change a byte of the image. Files that
 * the recipe adds are in the lock with digests of their own.
 */
export function recipeChecksum(recipe: Recipe): Digest {
  return sha256(canonicalJson({ ...recipe, tests: undefined, tags: undefined }))
}
