import { itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson, textLimit } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { matching } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'

/** What Bitnami says of a program that it built, beside it: SPDX with a package URL of type `bitnami` for each part. */
function readSpdx(file: FileContent): LanguageFact | undefined {
  const document = parseJson(decodeText(file.bytes), 'SPDX of Bitnami')
  const references = itemsOf(memberOf(document, 'packages')).flatMap((each) =>
    itemsOf(memberOf(each, 'externalRefs')).flatMap(
      (reference) => textOf(memberOf(reference, 'referenceLocator')) ?? [],
    ),
  )
  const facts = references.map((reference) => {
    if (!reference.startsWith('pkg:bitnami/')) return undefined
    const { name, version, qualifiers } = parsePurl(reference) ?? {}
    const { arch = '', distro = '' } = qualifiers ?? {}
    return packageFact(name, version, { qualifiers: { arch, distro } })
  })
  return installed(facts)
}

/** The list of what was unpacked into an image, which older ones have instead. */
function readComponents(file: FileContent): LanguageFact | undefined {
  const list = membersOf(parseJson(decodeText(file.bytes), '.bitnami_components.json'))
  const facts = list.map(([name, each]) => {
    const qualifiers = {
      arch: textOf(memberOf(each, 'arch')) ?? '',
      distro: textOf(memberOf(each, 'distro')) ?? '',
    }
    return packageFact(name, memberOf(each, 'version'), { qualifiers })
  })
  return installed(facts)
}

function installed(facts: Parameters<typeof distinct>[0]): LanguageFact | undefined {
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

/** Programs in images of Bitnami, which no package of the distribution brought. */
export const bitnamiCataloguer = languageCataloguer({
  id: 'bitnami',
  type: 'generic',
  purlType: 'bitnami',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [
    matching(/(?:^|\/)opt\/bitnami\/(?:.+\/)?\.spdx-[^/]+\.spdx$/, readSpdx),
    matching(/(?:^|\/)opt\/bitnami\/\.bitnami_components\.json$/, readComponents),
  ],
})
