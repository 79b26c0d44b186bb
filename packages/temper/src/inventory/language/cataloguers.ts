import type { Cataloguer } from '../cataloguer.ts'
import { npmCataloguer } from './npm/cataloguer.ts'

/** Packages of programming languages, whoever installed them. */
export const languageCataloguers: readonly Cataloguer<unknown>[] = [npmCataloguer]
