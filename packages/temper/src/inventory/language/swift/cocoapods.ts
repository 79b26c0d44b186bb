import type { FileContent } from '../../cataloguer.ts'
import { decodeText, textLimit } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { readIndented } from '../indented.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'

/** Podfile.lock: `PODS`, a list of "Name (1.2.3)"; "Name/Part (1.2.3)" is a part of one. */
function readPodfileLock(file: FileContent): LanguageFact {
  const lock = readIndented(decodeText(file.bytes), { what: 'Podfile.lock' })
  const pods = lock.find(({ key }) => key === 'PODS')?.children ?? []
  const facts = pods.map(({ key }) => {
    const [, name, version] = /^-\s+["']?([^\s/("']+)[^\s("']*\s+\(([^)\s]+)\)/.exec(key) ?? []
    return packageFact(name, version)
  })
  return { kind: 'lock', packages: distinct(facts) }
}

/** Pods, whose registry no feed covers; a bill of materials wants them. */
export const cocoapodsCataloguer = languageCataloguer({
  id: 'cocoapods',
  type: 'generic',
  purlType: 'cocoapods',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [named(['Podfile.lock'], readPodfileLock)],
})
