import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/** One line: a name, perhaps with extras, pinned by "==" or "===" to one version; then markers, hashes, a comment. */
const pinned = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;,#\\*]+)\s*(?:[;#\\]|--|$)/

/** requirements.txt of pip: only what is pinned to one version; ranges say nothing of what is installed. */
export function readRequirements(file: FileContent): LanguageFact | undefined {
  const found = decodeText(file.bytes)
    .split('\n')
    .map((line) => {
      const match = line.length > 5000 ? undefined : pinned.exec(line.trim())
      return match ? packageFact(match[1], match[2]) : undefined
    })
  const packages = distinct(found)
  return packages.length === 0 ? undefined : { kind: 'lock', packages }
}
