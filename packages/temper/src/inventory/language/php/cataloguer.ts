import { textLimit } from '../document.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readComposerLock, readInstalledJson } from './composer.ts'

/** PHP: what Composer installed, and its lock. */
export const composerCataloguer = languageCataloguer({
  id: 'composer',
  type: 'composer',
  version: 1,
  sizeLimit: textLimit,
  installsInto: ['vendor'],
  normalName: (name) => name.toLowerCase(),
  kinds: [
    { matches: ({ path }) => /(^|\/)composer\/installed\.json$/.test(path), read: readInstalledJson },
    named(['composer.lock'], readComposerLock),
  ],
})
