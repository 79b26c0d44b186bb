import { textLimit } from '../document.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readMixLock, readRebarLock } from './locks.ts'

/** Packages of Hex: the locks of Mix and Rebar3. */
export const hexCataloguer = languageCataloguer({
  id: 'hex',
  type: 'hex',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [named(['mix.lock'], readMixLock), named(['rebar.lock'], readRebarLock)],
})
