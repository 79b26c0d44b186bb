import { memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/** Pipfile.lock: `default` is installed, `develop` only for development; versions are written "==1.2.3". */
export function readPipfileLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'Pipfile.lock')
  const wanted = membersOf(memberOf(lock, 'default'))
  const names = new Set(wanted.map(([name]) => name))
  const development = membersOf(memberOf(lock, 'develop')).filter(([name]) => !names.has(name))
  const facts = wanted.map(([name, entry]) =>
    packageFact(name, textOf(memberOf(entry, 'version'))?.replace(/^={2,3}/, '')),
  )
  return { kind: 'lock', packages: distinct(facts), development: development.length }
}
