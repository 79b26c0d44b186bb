import { itemsOf, memberOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson, textLimit } from '../document.ts'
import { distinct, type LanguageFact, packageFact, versionUnknown } from '../fact.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'

/**
 * Package.resolved: `pins`, in version 1 below `object`. A package is called by its repository, as OSV's ecosystem SwiftURL and
 * purl-spec have it; what is pinned to a branch or a commit has no version.
 */
function readResolved(file: FileContent): LanguageFact {
  const document = parseJson(decodeText(file.bytes), 'Package.resolved')
  const pins = itemsOf(memberOf(memberOf(document, 'object') ?? document, 'pins'))
  let commits = 0
  const facts = pins.map((pin) => {
    const version = textOf(memberOf(memberOf(pin, 'state'), 'version'))
    if (version === undefined) commits++
    const place = textOf(memberOf(pin, 'location')) ?? textOf(memberOf(pin, 'repositoryURL'))
    return packageFact(repositoryName(place) ?? textOf(memberOf(pin, 'identity')), version)
  })
  const message = `${commits} of the dependencies are commits of repositories, which have no version: they were compared with nothing`
  return {
    kind: 'lock',
    packages: distinct(facts),
    ...(commits === 0 ? {} : { notes: [{ code: versionUnknown, message }] }),
  }
}

/** "https://github.com/vapor/vapor.git" and "git@github.com:vapor/vapor" are github.com/vapor/vapor; a folder is none. */
function repositoryName(place: string | undefined): string | undefined {
  const [, host, path] =
    /^(?:(?:https?|ssh|git):\/\/(?:[^/@]*@)?|[\w.-]+@)([\w.-]+)(?::\d+)?[/:]+([\w./~-]+?)(?:\.git)?\/?$/.exec(
      place ?? '',
    ) ?? []
  return host === undefined ? undefined : `${host}/${path}`
}

/** Packages of Swift's package manager. */
export const swiftCataloguer = languageCataloguer({
  id: 'swift',
  type: 'swift',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  normalName: (name) => name.toLowerCase(),
  kinds: [named(['Package.resolved'], readResolved)],
})
