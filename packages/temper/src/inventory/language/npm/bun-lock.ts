import type { FileContent } from '../../cataloguer.ts'
import { decodeText, itemsOf, memberOf, membersOf, parseJson, textOf } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'

/** bun.lock: JSON with trailing commas; `packages` gives each as ["name@version", …]. */
export function readBunLock(file: FileContent): LanguageFact {
  const lock = parseJson(withoutTrailingCommas(decodeText(file.bytes)), 'bun.lock')
  const found = membersOf(memberOf(lock, 'packages')).map(([, entry]) => {
    const resolved = textOf(itemsOf(entry)[0]) ?? ''
    const at = resolved.indexOf('@', 1)
    const version = resolved.slice(at + 1)
    // "name@workspace:…", "name@github:…" are not of the registry.
    if (at < 0 || version.includes(':')) return undefined
    return packageFact(resolved.slice(0, at), version, {
      needs: membersOf(memberOf(itemsOf(entry)[2], 'dependencies')).map(([name]) => name),
    })
  })
  return { kind: 'lock', packages: distinct(found) }
}

/** Strings are passed over whole; a comma that only white space parts from a closing bracket is left out. */
function withoutTrailingCommas(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found))
}
