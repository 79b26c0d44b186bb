import { printableLine } from '../../../base/printable.ts'
import { formatPurl, type PackageUrl, parsePurl } from '../../../formats/purl/purl.ts'
import type { Component, ComponentType, Distribution, InventoryNote } from '../../../model/inventory.ts'
import { actionPurl, isOwnAction } from './action.ts'
import type { Claim } from './claim.ts'
import { parseCpe } from './cpe.ts'
import { ownDistribution, purlDistribution } from './distribution.ts'
import { isImagePurl, purlType, splitName } from './ecosystem.ts'
import { goModule, goTool } from './go-module.ts'
import { joinedName, nativeName } from './native-name.ts'
import { purlSource, settledSource } from './source-package.ts'

/** A component as a document describes it; what it needs and owns is added later. */
export type Identified = Omit<Component, 'foundBy' | 'files' | 'dependsOn'>

export interface IdentifyOptions {
  /** The distribution of the document as a whole. */
  readonly distribution: Distribution | undefined
  readonly note: (note: InventoryNote) => void
}

/**
 * Decides what a claim is about, from everything that it says. The purl says most; the name and group beside it
 * supply what the purl lost. Where there is no purl or a broken one, one is made from them and whatever else the
 * document says. Gives several components when a document gives several purls that advisories may name, and none for
 * images and for anything without a name.
 */
export function identify(claim: Claim, options: IdentifyOptions): readonly Identified[] {
  if (isOwnAction(claim)) return []
  const purls = claim.purls.flatMap((text) => readPurl(text, claim, options) ?? [])
  if (purls.some(isImagePurl)) return []
  const compared = purls.filter((purl) => purlType(purl) !== 'generic')
  const [first, ...others] = compared.length > 0 ? compared : purls.slice(0, 1)
  const identified = identifyOne(claim, first, options)
  if (identified === undefined) return []
  const all = new Map([[`${identified.type} ${identified.name}`, identified]])
  for (const purl of others) {
    const other = identifyOne(claim, purl, options)
    const key = `${other?.type} ${other?.name}`
    if (other !== undefined && !all.has(key)) all.set(key, other)
  }
  return [...all.values()]
}

function readPurl(text: string, claim: Claim, { note }: IdentifyOptions): PackageUrl | undefined {
  const purl = parsePurl(text)
  if (purl === undefined)
    note({
      code: 'bad-purl',
      message: `"${shown(claim)}" has the package URL "${printableLine(text, { most: 80 })}", which is not valid.`,
    })
  return purl === undefined ? undefined : actionPurl(ofToday(purl), claim)
}

/** Older Syft wrote "pkg:alpine/NAME" for what purl-spec calls "pkg:apk/alpine/NAME". */
function ofToday(purl: PackageUrl): PackageUrl {
  return purl.type === 'alpine' ? { ...purl, type: 'apk', namespace: purl.namespace ?? 'alpine' } : purl
}

function identifyOne(
  claim: Claim,
  purl: PackageUrl | undefined,
  { distribution, note }: IdentifyOptions,
): Identified | undefined {
  const named = purl === undefined ? undefined : purlIdentity(purl, claim)
  const { type, name, version } = named ?? statedIdentity(claim, purl)
  if (name === undefined) {
    note({ code: 'component-without-name', message: `"${shown(claim)}" has no name: it was left out.` })
    return undefined
  }
  if (version === '')
    note({
      code: 'component-without-version',
      message: `"${shown(claim)}" has no version: nothing can be known of it.`,
    })
  const own = ownDistribution(claim.distribution ?? (purl && purlDistribution(purl)), distribution)
  const architecture = purl?.qualifiers?.['arch'] ?? claim.architecture
  const source = settledSource({ type, name, version }, claim.source ?? (purl && purlSource(purl)))
  return {
    type,
    name,
    version,
    purl:
      purl === undefined || named === undefined
        ? madePurl({ type, name, version, architecture, distribution: own ?? distribution, purl })
        : formatPurl(purl),
    ...(architecture === undefined ? {} : { architecture }),
    ...(source === undefined ? {} : { source }),
    ...(own === undefined ? {} : { distribution: own }),
    ...(claim.licence === undefined ? {} : { licence: claim.licence }),
    ...(claim.supplier === undefined ? {} : { supplier: claim.supplier }),
    ...(claim.digest === undefined ? {} : { digest: claim.digest }),
    ...(claim.guessedFrom === undefined ? {} : { guessedFrom: claim.guessedFrom }),
    ...(claim.sha1 === undefined || type !== 'maven' ? {} : { sha1: claim.sha1 }),
    locations: claim.paths.map((path) => ({ path })),
  }
}

function shown({ name, purls, ref }: Claim): string {
  return printableLine(name ?? purls[0] ?? ref ?? '', { most: 80 })
}

interface Identity {
  readonly type: ComponentType
  readonly name: string | undefined
  readonly version: string
}

/** What a purl and the words beside it mean; undefined where the purl is of no ecosystem and something else names one. */
function purlIdentity(purl: PackageUrl, claim: Claim): Identity | undefined {
  const type = purlType(purl)
  if (type === 'generic' && claim.type !== undefined && claim.type !== 'generic') return undefined
  const version = versionOf(purl, claim)
  if (type !== 'golang') return { type, name: nativeName(type, purl, claim), version }
  const module = goModule({ ...purl, version }, claim)
  return { type, name: module.name, version: module.version ?? '' }
}

/** What name, version, type and CPE mean, where no purl does. */
function statedIdentity(claim: Claim, purl: PackageUrl | undefined): Identity {
  const cpe = claim.cpes?.flatMap((text) => parseCpe(text) ?? []).find(({ type }) => type !== undefined)
  const type = claim.type ?? cpe?.type ?? 'generic'
  const name = joinedName(type, claim) ?? cpe?.product
  const version = versionOf(purl, claim) || (cpe?.version ?? '')
  if (type !== 'golang' || name === undefined) return { type, name, version }
  const module = goTool(name, version)
  return { type, name: module.name, version: module.version ?? '' }
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

function madePurl(identity: {
  readonly type: ComponentType
  readonly name: string
  readonly version: string
  readonly architecture: string | undefined
  readonly distribution: Distribution | undefined
  /** A purl that says too little. */
  readonly purl: PackageUrl | undefined
}): string {
  const { type, name, version, architecture, distribution } = identity
  if (type === 'generic' && identity.purl !== undefined) return formatPurl(identity.purl)
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
