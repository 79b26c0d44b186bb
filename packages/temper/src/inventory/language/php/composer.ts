import { itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'

/**
 * vendor/composer/installed.json: a list in Composer 1, `packages` in Composer 2. What was installed for
 * development counts as well: it is there.
 */
export function readInstalledJson(file: FileContent): LanguageFact {
  const document = parseJson(decodeText(file.bytes), 'installed.json')
  const list = Array.isArray(document) ? document : itemsOf(memberOf(document, 'packages'))
  return { kind: 'installed', packages: distinct(list.map(composerPackage)) }
}

/** composer.lock: `packages`, and `packages-dev` for development only. */
export function readComposerLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'composer.lock')
  return {
    kind: 'lock',
    packages: distinct(itemsOf(memberOf(lock, 'packages')).map(composerPackage)),
    development: itemsOf(memberOf(lock, 'packages-dev')).length,
  }
}

function composerPackage(entry: unknown): PackageFact | undefined {
  const licences = itemsOf(memberOf(entry, 'license')).filter((name) => typeof name === 'string')
  const licence = textOf(memberOf(entry, 'license')) ?? licences.join(' OR ')
  return packageFact(memberOf(entry, 'name'), memberOf(entry, 'version'), {
    licence,
    supplier: memberOf(itemsOf(memberOf(entry, 'authors'))[0], 'name'),
    // "php" and "ext-json" are the platform.
    needs: membersOf(memberOf(entry, 'require')).flatMap(([name]) => (name.includes('/') ? [name] : [])),
  })
}
