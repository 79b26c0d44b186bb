import { itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson, textLimit } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'

export const denoLockFile = 'deno.lock'

/**
 * deno.lock: JSON, whose packages are keys "name@version" below `npm` (in version 2 below `npm.packages`, in 3 below `packages.npm`); behind "_" stand
 * those that a package was resolved with. It does not say what only development needs, so that all counts.
 */
export function readDenoLock(file: FileContent): LanguageFact {
  return readPart(file, 'npm')
}

function readPart(file: FileContent, part: 'npm' | 'jsr'): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), denoLockFile)
  const own = memberOf(lock, part) ?? memberOf(memberOf(lock, 'packages'), part)
  const packages = membersOf(memberOf(own, 'packages') ?? own).map(([key, entry]) => {
    const { name, version } = takenApart(key)
    return packageFact(name, version, { needs: needsOf(memberOf(entry, 'dependencies')) })
  })
  return { kind: 'lock', packages: distinct(packages) }
}

function takenApart(key: string): { readonly name: string; readonly version: string } {
  const at = key.indexOf('@', 1)
  return at < 0
    ? { name: key, version: '' }
    : { name: key.slice(0, at), version: key.slice(at + 1).split('_', 1)[0] ?? '' }
}

/** A list of keys and names, with "jsr:" before those of the other registry; a map in version 2 and 3. */
function needsOf(dependencies: unknown): readonly string[] {
  const listed = itemsOf(dependencies).flatMap((each) => textOf(each) ?? [])
  const mapped = membersOf(dependencies).map(([name]) => name)
  return [...listed, ...mapped].map((each) => takenApart(each.replace(/^(?:npm|jsr):/, '')).name)
}

/** Packages of Deno's own registry. No advisories speak of them; a bill of materials wants them. */
export const jsrCataloguer = languageCataloguer({
  id: 'jsr',
  type: 'generic',
  purlType: 'jsr',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [named([denoLockFile], (file) => readPart(file, 'jsr'))],
})
