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

/** Cartfile.resolved of Carthage: `github "OWNER/NAME" "VERSION"`, `git "ADDRESS" "VERSION"`; what is `binary` has no repository. */
function readCartfile(file: FileContent): LanguageFact {
  const lines = decodeText(file.bytes).matchAll(
    /^(github|git|binary) "([^"\s]{1,500})" "v?([^"\s]{1,200})"/gm,
  )
  let unknown = 0
  const facts = Array.from(lines, ([, kind, place = '', version = '']) => {
    const address = kind === 'github' && !place.includes('://') ? `https://github.com/${place}` : place
    const name = kind === 'binary' || !/^\d+(?:\.|$)/.test(version) ? undefined : repositoryName(address)
    if (name === undefined) unknown++
    return packageFact(name, version)
  })
  const message = `${unknown} of the dependencies are commits or binaries, which have no version of a repository: they were compared with nothing`
  return {
    kind: 'lock',
    packages: distinct(facts),
    ...(unknown === 0 ? {} : { notes: [{ code: versionUnknown, message }] }),
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
  version: 2,
  sizeLimit: textLimit,
  installsInto: [],
  normalName: (name) => name.toLowerCase(),
  kinds: [named(['Package.resolved'], readResolved), named(['Cartfile.resolved'], readCartfile)],
})
