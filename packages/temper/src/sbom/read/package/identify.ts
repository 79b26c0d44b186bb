import { printableLine } from '../../../base/printable.ts'
import { formatPurl, type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, ComponentType, Distribution, InventoryNote } from '../../../model/inventory.ts'
import type { Claim } from './claim.ts'
import { purlDistribution } from './distribution.ts'
import { isImagePurl, purlName, purlType, splitName } from './ecosystem.ts'
import { purlSource, settledSource } from './source-package.ts'

/** A component as it is told by a document; what it needs and owns is added later. */
export type Identified = Omit<Component, 'foundBy' | 'files' | 'dependsOn'>

export interface IdentifyOptions {
  /** Of the document as a whole. */
  readonly distribution: Distribution | undefined
  readonly note: (note: InventoryNote) => void
}

/**
 * Decides what a claim is about. The purl says it best; where there is none, or a broken one, name, version and
 * what else the document says have to do, and a purl is made from them. Undefined for images and for
 * what has no name.
 */
export function identify(claim: Claim, { distribution, note }: IdentifyOptions): Identified | undefined {
  const purl = claim.purl === undefined ? undefined : parsePurl(claim.purl)
  if (purl !== undefined && isImagePurl(purl)) return undefined
  const shown = printableLine(claim.name ?? claim.purl ?? claim.ref ?? '', { most: 80 })
  if (purl === undefined && claim.purl !== undefined) {
    const text = printableLine(claim.purl, { most: 80 })
    note({ code: 'bad-purl', message: `"${shown}" has the package URL "${text}", which is not valid.` })
  }
  const type = claim.type !== undefined && purl === undefined ? claim.type : typeOf(purl)
  const name = purl === undefined ? joinedName(type, claim) : purlName(purl)
  if (name === undefined) {
    note({ code: 'component-without-name', message: `"${shown}" has no name: it was left out.` })
    return undefined
  }
  const version = versionOf(purl, claim)
  if (version === '')
    note({
      code: 'component-without-version',
      message: `"${shown}" has no version: nothing can be known of it.`,
    })
  const own = claim.distribution ?? (purl && purlDistribution(purl))
  const architecture = purl?.qualifiers?.['arch'] ?? claim.architecture
  const source = settledSource({ type, name, version }, claim.source ?? (purl && purlSource(purl)))
  return {
    type,
    name,
    version,
    purl:
      purl === undefined
        ? madePurl({ type, name, version, architecture, distribution: own ?? distribution })
        : formatPurl(purl),
    ...(architecture === undefined ? {} : { architecture }),
    ...(source === undefined ? {} : { source }),
    ...(own === undefined ? {} : { distribution: own }),
    ...(claim.licence === undefined ? {} : { licence: claim.licence }),
    ...(claim.supplier === undefined ? {} : { supplier: claim.supplier }),
    ...(claim.digest === undefined ? {} : { digest: claim.digest }),
    locations: claim.paths.map((path) => ({ path })),
  }
}

function typeOf(purl: PackageUrl | undefined): ComponentType {
  return purl === undefined ? 'generic' : purlType(purl)
}

function joinedName(type: ComponentType, { group, name }: Claim): string | undefined {
  if (group === undefined || name === undefined || name.startsWith(`${group}/`)) return name
  return type === 'maven' ? `${group}:${name}` : `${group}/${name}`
}

/** RPM's epoch is a qualifier of the purl and the first part of the version everywhere else. */
function versionOf(purl: PackageUrl | undefined, claim: Claim): string {
  const version = purl?.version ?? known(claim.version) ?? ''
  const epoch = purl?.type === 'rpm' ? purl.qualifiers?.['epoch'] : undefined
  const needed = epoch !== undefined && epoch !== '0' && !/^\d+:/.test(version)
  return needed ? `${epoch}:${version}` : version
}

/** Syft's word for a version that it could not find. */
function known(version: string | undefined): string | undefined {
  return version === 'UNKNOWN' ? undefined : version
}

function madePurl(found: {
  readonly type: ComponentType
  readonly name: string
  readonly version: string
  readonly architecture: string | undefined
  readonly distribution: Distribution | undefined
}): string {
  const { type, name, version, architecture, distribution } = found
  const system = type === 'deb' || type === 'apk' || type === 'rpm'
  const { id, version: release = '' } = distribution ?? {}
  return formatPurl({
    type,
    ...(system && id !== undefined ? { namespace: id } : {}),
    ...splitName(type, name),
    ...(version === '' ? {} : { version }),
    qualifiers: system
      ? { arch: architecture, distro: release === '' ? id : `${id}-${release}` }
      : { arch: undefined },
  })
}
