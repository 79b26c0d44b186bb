import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'

/**
 * paket.lock: sections by what packages come from; of "NUGET" each package is a line "    Name (1.2.3)", and what it needs is
 * indented deeper. It does not tell what only development needs.
 */
export function readPaketLock(file: FileContent): LanguageFact {
  const facts: (PackageFact | undefined)[] = []
  let section = ''
  for (const line of decodeText(file.bytes).split('\n')) {
    section = /^([A-Z]+)/.exec(line)?.[1] ?? section
    const [, name, version] = /^ {4}([^\s(]{1,300}) \(([^)\s]{1,200})\)/.exec(line) ?? []
    if (section === 'NUGET') facts.push(packageFact(name, version))
  }
  return { kind: 'lock', packages: distinct(facts) }
}
