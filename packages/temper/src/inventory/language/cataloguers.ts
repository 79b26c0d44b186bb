import type { Cataloguer } from '../cataloguer.ts'
import { javaCataloguer } from './java/cataloguer.ts'
import { npmCataloguer } from './npm/cataloguer.ts'
import { condaCataloguer } from './python/conda.ts'
import { pythonCataloguer } from './python/cataloguer.ts'

/** Packages of programming languages, whoever installed them. */
export const languageCataloguers: readonly Cataloguer<unknown>[] = [
  npmCataloguer,
  pythonCataloguer,
  condaCataloguer,
  javaCataloguer,
]
