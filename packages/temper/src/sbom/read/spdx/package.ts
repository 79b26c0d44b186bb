import { type Digest, isDigest } from '../../../base/digest.ts'
import type { JsonObject } from '../../../base/json/value.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'
import { parseGuessedText } from '../../guessed.ts'
import { objectsIn, textOf } from '../json.ts'
import type { Claim, SourceClaim } from '../package/claim.ts'
import { isImagePurl, typeOfWord } from '../package/ecosystem.ts'

/** The annotations that Temper itself wrote (SPDX 2.3, 12). */
export function ownAnnotations(annotations: unknown): readonly string[] {
  return objectsIn(annotations).flatMap(({ annotator, comment }) =>
    textOf(annotator)?.startsWith('Tool: temper') === true ? (textOf(comment) ?? []) : [],
  )
}

export function spdxId(element: JsonObject): string | undefined {
  return textOf(element['SPDXID'])
}

/**
 * The package URLs among the external references (SPDX 2.3, 7.21 and annex F.3.5), whatever their reference type is
 * called: "purl", its URL, or another word.
 */
export function purlsOf(element: JsonObject): readonly string[] {
  const locators = objectsIn(element['externalRefs']).flatMap((reference) => {
    const locator = textOf(reference['referenceLocator'])
    return locator !== undefined && (locator.startsWith('pkg:') || typeOf(reference) === 'purl')
      ? locator
      : []
  })
  return [...new Set(locators)]
}

function cpesOf(element: JsonObject): readonly string[] {
  return objectsIn(element['externalRefs']).flatMap((reference) => {
    const locator = textOf(reference['referenceLocator'])
    return locator?.startsWith('cpe:') === true ? locator : []
  })
}

/** The name of a type of references; some tools write its URL ("http://spdx.org/rdf/references/purl"). */
function typeOf(reference: JsonObject): string | undefined {
  return textOf(reference['referenceType'])
    ?.replace(/^.*[/#]/, '')
    .toLowerCase()
}

export function isImage(element: JsonObject): boolean {
  const purls = purlsOf(element).flatMap((text) => parsePurl(text) ?? [])
  return purls.some(isImagePurl) || (element['primaryPackagePurpose'] === 'CONTAINER' && purls.length === 0)
}

/** Whether an element stands for the distribution, as Trivy and Temper mark it. */
export function isSystem(element: JsonObject): boolean {
  return (
    textOf(element['primaryPackagePurpose'])?.replace('_', '-') === 'OPERATING-SYSTEM' ||
    /^SPDXRef-OperatingSystem(?:-|$)/.test(spdxId(element) ?? '')
  )
}

/** Whether an element is a lock file or the like, which Trivy lists as packages. */
export function isManifest(element: JsonObject): boolean {
  return /^SPDXRef-Application-/.test(spdxId(element) ?? '') && purlsOf(element).length === 0
}

/** Whether an element stands only for source code; the software that is there is what was made from it. */
export function isSource(element: JsonObject): boolean {
  return element['primaryPackagePurpose'] === 'SOURCE' && purlsOf(element).length === 0
}

/** Whether it is a distribution's package. */
export function isSystemPackage(element: JsonObject): boolean {
  return purlsOf(element).some((text) => /^pkg:\/*(?:deb|apk|alpine|rpm)\//i.test(text))
}

/** GitHub writes "pip:flask" with the id "SPDXRef-pip-flask", and no purl where it knows no single version. */
function prefixedName(element: JsonObject, ref: string | undefined): Pick<Claim, 'type' | 'name'> {
  const name = textOf(element['name'])
  const [, word, rest] = /^([a-z]{2,12}):(.+)$/.exec(name ?? '') ?? []
  const type =
    word === 'rubygems' ? 'gem' : word === 'go' ? 'golang' : word === 'rust' ? 'cargo' : typeOfWord(word)
  if (type !== undefined && rest !== undefined && ref?.startsWith(`SPDXRef-${word}-`) === true)
    return { type, name: rest }
  return name === undefined ? {} : { name }
}

export function packageClaim(element: JsonObject): Claim {
  const ref = spdxId(element)
  const version = stated(element['versionInfo'])
  const licence = stated(element['licenseConcluded']) ?? stated(element['licenseDeclared'])
  const supplier = agent(element['supplier']) ?? agent(element['originator'])
  const { digest, sha1 } = checksums(element)
  const guessed = ownAnnotations(element['annotations']).flatMap((text) => parseGuessedText(text) ?? [])[0]
  const told = sourceInfo(textOf(element['sourceInfo']))
  return {
    ...(ref === undefined ? {} : { ref }),
    ...prefixedName(element, ref),
    ...(told.type === undefined ? {} : { type: told.type }),
    ...(version === undefined ? {} : { version }),
    purls: purlsOf(element),
    cpes: cpesOf(element),
    ...(licence === undefined ? {} : { licence }),
    ...(supplier === undefined ? {} : { supplier }),
    ...(digest === undefined ? {} : { digest }),
    ...(sha1 === undefined ? {} : { sha1 }),
    ...(guessed === undefined ? {} : { guessedFrom: guessed }),
    ...(told.source === undefined ? {} : { source: told.source }),
    paths: told.paths,
  }
}

/** "NOASSERTION" and "NONE" say nothing. */
function stated(value: unknown): string | undefined {
  const text = textOf(value)
  return text === 'NOASSERTION' || text === 'NONE' ? undefined : text
}

/** "Organization: NAME (ADDRESS)" (SPDX 2.3, 7.5). */
function agent(value: unknown): string | undefined {
  return stated(value)?.replace(/^(?:Organization|Person|Tool):\s*/, '')
}

/** Two conventions: Trivy and Temper name the source package there, Syft the files that it read. */
function sourceInfo(text: string | undefined): {
  readonly source?: SourceClaim
  readonly type?: Claim['type']
  readonly paths: readonly string[]
} {
  const [, name, version] = /^built package from: (\S+) (\S+)$/.exec(text ?? '') ?? []
  if (name !== undefined && version !== undefined) return { source: { name, version }, paths: [] }
  const [, list] = /^acquired package info from [^:]+: (.+)$/s.exec(text ?? '') ?? []
  const isAction = text?.startsWith('acquired package info from GitHub Actions') === true
  return {
    ...(isAction ? { type: 'githubactions' } : {}),
    paths: list === undefined ? [] : list.split(', ').slice(0, 1000),
  }
}

export function checksums(element: JsonObject): { readonly digest?: Digest; readonly sha1?: string } {
  let digest: Digest | undefined
  let sha1: string | undefined
  for (const { algorithm, checksumValue } of objectsIn(element['checksums'])) {
    const hex = textOf(checksumValue)?.toLowerCase() ?? ''
    if (algorithm === 'SHA256' && isDigest(`sha256:${hex}`)) digest ??= `sha256:${hex}`
    if (algorithm === 'SHA1' && /^[0-9a-f]{40}$/.test(hex) && !/^0+$/.test(hex)) sha1 ??= hex
  }
  return { ...(digest === undefined ? {} : { digest }), ...(sha1 === undefined ? {} : { sha1 }) }
}
