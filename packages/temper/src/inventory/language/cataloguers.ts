import type { Cataloguer } from '../cataloguer.ts'
import { actionsCataloguer } from './actions/cataloguer.ts'
import { pubCataloguer } from './dart/cataloguer.ts'
import { dotnetBundleCataloguer, nugetCataloguer } from './dotnet/cataloguer.ts'
import { hexCataloguer, otpCataloguer } from './elixir/cataloguer.ts'
import { goCataloguer } from './go/cataloguer.ts'
import { javaCataloguer } from './java/cataloguer.ts'
import { npmCataloguer } from './npm/cataloguer.ts'
import { jsrCataloguer } from './npm/deno-lock.ts'
import { bitnamiCataloguer } from './others/bitnami.ts'
import { otherCataloguers } from './others/cataloguers.ts'
import { composerCataloguer } from './php/cataloguer.ts'
import { pythonCataloguer } from './python/cataloguer.ts'
import { condaCataloguer } from './python/conda.ts'
import { rubyCataloguer } from './ruby/cataloguer.ts'
import { cargoCataloguer } from './rust/cataloguer.ts'
import { swiftCataloguer } from './swift/cataloguer.ts'
import { cocoapodsCataloguer } from './swift/cocoapods.ts'
import { unlockedCataloguer } from './unlocked/cataloguer.ts'

/** Packages of programming languages, whoever installed them. */
export const languageCataloguers: readonly Cataloguer<unknown>[] = [
  npmCataloguer,
  jsrCataloguer,
  pythonCataloguer,
  condaCataloguer,
  javaCataloguer,
  goCataloguer,
  cargoCataloguer,
  rubyCataloguer,
  composerCataloguer,
  nugetCataloguer,
  dotnetBundleCataloguer,
  hexCataloguer,
  otpCataloguer,
  pubCataloguer,
  swiftCataloguer,
  cocoapodsCataloguer,
  actionsCataloguer,
  bitnamiCataloguer,
  ...otherCataloguers,
  unlockedCataloguer,
]
