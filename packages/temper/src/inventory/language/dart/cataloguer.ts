import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText, textLimit } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { childOf, readIndented, valueAt } from '../indented.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'

/**
 * pubspec.lock: `packages`, each with its `source`. Those of `path` are the project's own, those of `sdk` are versions of Dart
 * and Flutter. Of what is needed only on account of something else it does not tell on account of what.
 */
function readPubspecLock(file: FileContent): LanguageFact {
  const lock = readIndented(decodeText(file.bytes), { what: 'pubspec.lock' })
  const development = new DevelopmentCount()
  const facts = (lock.find(({ key }) => key === 'packages')?.children ?? []).map((entry) => {
    const source = valueAt(entry, 'source')
    if (source !== 'hosted' && source !== 'git') return undefined
    // What is listed under a name of the project's own has its own below.
    const name = valueAt(childOf(entry, 'description'), 'name') ?? entry.key
    const isDevelopment = valueAt(entry, 'dependency') === 'direct dev'
    return development.takes({ name, isDevelopment })
      ? undefined
      : packageFact(name, valueAt(entry, 'version'))
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

/** Packages of Dart and Flutter. */
export const pubCataloguer = languageCataloguer({
  id: 'pub',
  type: 'pub',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [named(['pubspec.lock'], readPubspecLock)],
})
