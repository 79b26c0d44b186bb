import { apkCataloguer } from './apk/cataloguer.ts'
import type { Cataloguer } from './cataloguer.ts'
import { chiselCataloguer } from './chisel/cataloguer.ts'
import { dpkgCataloguer } from './dpkg/cataloguer.ts'
import { languageCataloguers } from './language/cataloguers.ts'
import { rpmCataloguer } from './rpm/cataloguer.ts'

/** The package databases of distributions. */
export const distributionCataloguers: readonly Cataloguer<unknown>[] = [
  dpkgCataloguer,
  apkCataloguer,
  rpmCataloguer,
  chiselCataloguer,
]

/** All that Temper can recognise, those of distributions first. */
export const allCataloguers: readonly Cataloguer<unknown>[] = [
  ...distributionCataloguers,
  ...languageCataloguers,
]
