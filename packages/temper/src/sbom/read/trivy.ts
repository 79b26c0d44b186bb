import { type JsonObject, objectOf } from '../../base/json/value.ts'
import type { ComponentType, Distribution, Inventory } from '../../model/inventory.ts'
import { joinLicences } from './cyclonedx/licence.ts'
import { objectsIn, textOf, textsIn } from './json.ts'
import type { Claim } from './package/claim.ts'
import { distributionId, ociArchitecture } from './package/distribution.ts'
import { typeOfWord } from './package/ecosystem.ts'
import { Gatherer } from './package/gather.ts'
import { joinVersion } from './package/source-package.ts'
import { readSubject, type SbomSubjectClaim } from './subject.ts'

/**
 * Reads the JSON report of Trivy (aquasecurity/trivy, pkg/types/report.go), which lists packages when asked to
 * (`--list-all-pkgs`). Its findings are not taken over.
 */
export function readTrivy(
  document: JsonObject,
  what: string,
): { readonly inventory: Inventory; readonly subject: SbomSubjectClaim } {
  const gatherer = new Gatherer('trivy', what)
  const metadata = objectOf(document['Metadata'])
  const distribution = distributionOf(objectOf(metadata?.['OS']))
  if (distribution !== undefined) gatherer.distribution = distribution
  const architecture = textOf(objectOf(metadata?.['ImageConfig'])?.['architecture'])
  if (architecture !== undefined) gatherer.architecture = ociArchitecture(architecture) ?? architecture
  for (const result of objectsIn(document['Results'])) readResult(result, gatherer)
  const [digest] = textsIn(metadata?.['RepoDigests'])
  const subject = readSubject({
    name: textOf(document['ArtifactName']),
    version: digest,
    created: textOf(document['CreatedAt']),
  })
  return {
    inventory: gatherer.finish(),
    subject: architecture === undefined ? subject : { ...subject, architecture },
  }
}

function distributionOf(system: JsonObject | undefined): Distribution | undefined {
  const family = textOf(system?.['Family'])
  return family === undefined || family === 'none'
    ? undefined
    : { id: distributionId(family), version: textOf(system?.['Name']) ?? '' }
}

/** Results of one file, or of all packages of the distribution; those about configuration and secrets have none. */
function readResult(result: JsonObject, gatherer: Gatherer): void {
  const target = textOf(result['Target'])
  const ofSystem = result['Class'] === 'os-pkgs'
  const packages = objectsIn(result['Packages'])
  const { Vulnerabilities: vulnerabilities } = result
  if (
    packages.length === 0 &&
    (ofSystem || result['Class'] === 'lang-pkgs' || Array.isArray(vulnerabilities))
  )
    gatherer.note(
      'packages-not-listed',
      `The report lists no packages of "${(target ?? '').slice(0, 200)}": it was made without --list-all-pkgs.`,
    )
  const refs = new Map<string, string>()
  const claims = packages.map((entry): Claim => {
    const { UID: uid, PURL: purl } = objectOf(entry['Identifier']) ?? {}
    const id = textOf(entry['ID'])
    const ref = textOf(uid) ?? `${target ?? ''}\0${id ?? ''}`
    if (id !== undefined) refs.set(id, ref)
    return packageClaim(entry, {
      ref,
      purl: textOf(purl),
      // Where Trivy does not recognise the system ("none"), it still says which database a package is of.
      type: typeOfWord(textOf(result['Type'])) ?? typeOfWord(textOf(entry['AnalyzedBy'])),
      place: ofSystem ? undefined : target,
    })
  })
  for (const [i, claim] of claims.entries()) {
    gatherer.claim(claim)
    for (const needed of textsIn(packages[i]?.['DependsOn']))
      gatherer.needs(claim.ref ?? '', refs.get(needed) ?? needed)
  }
}

function packageClaim(
  entry: JsonObject,
  about: {
    readonly ref: string
    readonly purl: string | undefined
    readonly type: ComponentType | undefined
    readonly place: string | undefined
  },
): Claim {
  const text = (member: string) => textOf(entry[member])
  const number = (member: string) =>
    typeof entry[member] === 'number' ? String(entry[member]) : text(member)
  const name = text('Name')
  const version = joinVersion({ epoch: number('Epoch'), version: text('Version'), release: text('Release') })
  const { type } = about
  const architecture = text('Arch')
  const sourceName = text('SrcName')
  const sourceVersion = joinVersion({
    epoch: number('SrcEpoch'),
    version: text('SrcVersion'),
    release: text('SrcRelease'),
  })
  const licence = joinLicences(textsIn(entry['Licenses']))
  const supplier = text('Maintainer')
  const place = text('FilePath') ?? about.place
  return {
    ref: about.ref,
    purls: textsIn(about.purl),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(type === undefined ? {} : { type }),
    ...(architecture === undefined || architecture === 'None' ? {} : { architecture }),
    ...(sourceName === undefined
      ? {}
      : { source: { name: sourceName, ...(sourceVersion === undefined ? {} : { version: sourceVersion }) } }),
    ...(licence === undefined ? {} : { licence }),
    ...(supplier === undefined ? {} : { supplier }),
    paths: place === undefined ? [] : [place],
  }
}
