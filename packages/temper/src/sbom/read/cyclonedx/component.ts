import { type Digest, isDigest } from '../../../base/digest.ts'
import { isObject, type JsonObject, objectOf } from '../../../base/json/value.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Distribution } from '../../../model/inventory.ts'
import { guessedFrom, guessedProperty } from '../../guessed.ts'
import { objectsIn, textOf, textsIn } from '../json.ts'
import type { Claim, SourceClaim } from '../package/claim.ts'
import { distributionId, isUnknownSystem } from '../package/distribution.ts'
import { typeOfWord } from '../package/ecosystem.ts'
import { joinVersion, sourceRpm } from '../package/source-package.ts'
import { readLicences } from './licence.ts'

/** Properties by name; of several with one name the first. */
export type PropertyTexts = ReadonlyMap<string, string>

export function readProperties(component: JsonObject): PropertyTexts {
  const properties = new Map<string, string>()
  for (const property of objectsIn(component['properties'])) {
    const name = textOf(property['name'])
    const value = textOf(property['value'])
    if (name !== undefined && value !== undefined && !properties.has(name)) properties.set(name, value)
  }
  return properties
}

/** What a component that is software says about itself. */
export function componentClaim(component: JsonObject, properties: PropertyTexts): Claim {
  const trivy = (name: string) => properties.get(`aquasecurity:trivy:${name}`)
  const syft = (name: string) => properties.get(`syft:${name}`)
  const members = {
    ref: textOf(component['bom-ref']),
    name: textOf(component['name']),
    group: textOf(component['group']),
    version: textOf(component['version']),
    cpes: cpesOf(component, properties),
    type: typeOfWord(syft('package:type')) ?? typeOfWord(trivy('PkgType')),
    architecture: syft('metadata:architecture'),
    statement: syft('metadata:value'),
    source: sourceOf(trivy, syft),
    licence: readLicences(component['licenses']),
    supplier: supplierOf(component),
    ...hashes(component),
    guessedFrom: guessedFrom(properties.get(guessedProperty)),
  }
  return { ...defined(members), purls: purlsOf(component), paths: pathsOf(component, properties) }
}

/**
 * The component's own, and what identities it is concluded to have (CycloneDX 1.6, `evidence.identity`). Without any, its
 * `bom-ref` where that is a package URL of its name and version: some tools write it nowhere else.
 */
function purlsOf(component: JsonObject): string[] {
  const { identity } = objectOf(component['evidence']) ?? {}
  const concluded = (isObject(identity) ? [identity] : objectsIn(identity)).flatMap(
    ({ field, concludedValue }) => (field === 'purl' ? (textOf(concludedValue) ?? []) : []),
  )
  const stated = [...new Set([...textsIn(component['purl']), ...concluded])]
  return stated.length > 0 ? stated : purlReference(component)
}

function purlReference(component: JsonObject): string[] {
  const reference = textOf(component['bom-ref']) ?? ''
  const [name, version] = [textOf(component['name']) ?? '', textOf(component['version'])]
  if (!reference.startsWith('pkg:')) return []
  const purl = parsePurl(reference)
  const isOwn = purl !== undefined && name !== '' && purl.version === version
  return isOwn && (name === purl.name || name.endsWith(`/${purl.name}`)) ? [reference] : []
}

function cpesOf(component: JsonObject, properties: PropertyTexts): string[] {
  return [...textsIn(component['cpe']), ...textsIn(properties.get('syft:cpe23'))]
}

/** Without the members that are undefined. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const name in members) {
    const value = members[name]
    if (value !== undefined) present[name] = value as Exclude<T[typeof name], undefined>
  }
  return present
}

type Lookup = (name: string) => string | undefined

function sourceOf(trivy: Lookup, syft: Lookup): SourceClaim | undefined {
  const name = trivy('SrcName')
  if (name !== undefined) {
    const parts = { epoch: trivy('SrcEpoch'), version: trivy('SrcVersion'), release: trivy('SrcRelease') }
    return withVersion(name, joinVersion(parts))
  }
  const source = syft('metadata:source')
  if (source !== undefined) return withVersion(source, syft('metadata:sourceVersion'))
  const origin = syft('metadata:originPackage')
  if (origin !== undefined) return { name: origin }
  const rpm = syft('metadata:sourceRpm')
  return rpm === undefined ? undefined : sourceRpm(rpm)
}

function withVersion(name: string, version: string | undefined): SourceClaim {
  return version === undefined ? { name } : { name, version }
}

function supplierOf(component: JsonObject): string | undefined {
  const { name } = objectOf(component['supplier']) ?? {}
  return textOf(name) ?? textOf(component['publisher']) ?? textOf(component['author'])
}

/** Where it was found: Syft's and Trivy's properties, or the occurrences that CycloneDX 1.5 knows. */
function pathsOf(component: JsonObject, properties: PropertyTexts): string[] {
  const paths: string[] = []
  const file = properties.get('aquasecurity:trivy:FilePath')
  if (file !== undefined) paths.push(file)
  for (let i = 0; ; i++) {
    const path = properties.get(`syft:location:${i}:path`)
    if (path === undefined) break
    paths.push(path)
  }
  const { occurrences } = objectOf(component['evidence']) ?? {}
  for (const { location } of objectsIn(occurrences)) {
    const path = textOf(location)
    if (path !== undefined) paths.push(path)
  }
  return paths
}

export function hashes(component: JsonObject): { readonly digest?: Digest; readonly sha1?: string } {
  let digest: Digest | undefined
  let sha1: string | undefined
  for (const { alg, content } of objectsIn(component['hashes'])) {
    const hex = textOf(content)?.toLowerCase() ?? ''
    if (alg === 'SHA-256' && isDigest(`sha256:${hex}`)) digest ??= `sha256:${hex}`
    if (alg === 'SHA-1' && /^[0-9a-f]{40}$/.test(hex)) sha1 ??= hex
  }
  return { ...(digest === undefined ? {} : { digest }), ...(sha1 === undefined ? {} : { sha1 }) }
}

/** The distribution that a component of type "operating-system" stands for. */
export function systemOf(component: JsonObject, properties: PropertyTexts): Distribution | undefined {
  const syft = (name: string) => properties.get(`syft:distro:${name}`)
  const name = syft('id') ?? textOf(component['name'])
  if (name === undefined || isUnknownSystem(name)) return undefined
  const codename = syft('versionCodename')
  const title = syft('prettyName') ?? textOf(component['description'])
  return {
    id: distributionId(name),
    version: syft('versionID') ?? textOf(component['version']) ?? '',
    ...(codename === undefined ? {} : { codename }),
    ...(title === undefined ? {} : { title }),
  }
}
