import { isOfType } from '../../attest/statement/predicate-type.ts'
import { TemperError } from '../../base/error.ts'
import { itemsOf, type JsonObject, memberOf, objectOf, textOf } from '../../base/json/value.ts'
import { predicateTypes, type Statement } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { Store } from '../../model/store.ts'
import { readBounded } from '../../oci/image/read-manifest.ts'
import type { SubjectEvidence, SubjectProvenance, SubjectSbom } from '../../rules/image/subject.ts'
import { sbomLimit } from '../../sbom/read/limits.ts'
import type { Context } from '../context.ts'
import { withoutDocument } from '../evidence/list.ts'
import type { ImageSource } from '../image/source.ts'
import { type Attached, judgeAttached, withBeside } from '../trust/attached.ts'
import { judgeBeside } from '../trust/beside.ts'
import { admitted, trustsAnyone } from '../trust/image-trust.ts'
import { openTrust, type TrustRequest } from '../trust/open.ts'

const sbomTypes = [predicateTypes.spdxjson, predicateTypes.cyclonedx]
const provenanceTypes = [predicateTypes.slsaprovenance1, predicateTypes.slsaprovenance]

/** Most materials of one provenance that are told. */
const materialLimit = 100_000

export interface ReadEvidence {
  readonly evidence: SubjectEvidence
  /** Evidence by trusted signers; if nobody is trusted, whatever is attached. */
  readonly provenance: readonly Statement[]
}

/**
 * Reads what is attached to an image and to its index, and what a build tool put beside it there, and verifies it
 * against the person's trust settings. What cannot be read is listed without its content.
 */
export async function readEvidence(
  { store, root, reference }: ImageSource,
  image: Descriptor,
  options: { readonly trust: TrustRequest; readonly context: Context },
): Promise<ReadEvidence> {
  const trust = await openTrust(options.trust, reference, options.context)
  const subjects = [image, ...(root.digest === image.digest ? [] : [root])]
  const keep = ({ type }: Pick<Attached, 'type'>) => isAny(type, sbomTypes) || isAny(type, provenanceTypes)
  const gathered: Attached[] = []
  for (const subject of subjects) {
    const judged = await judgeAttached(store, subject, { trust: trust.trust, keep })
    gathered.push(...judged.map((each) => admitted(each, trust)))
  }
  const beside = await judgeBeside(store, root, { trust: trust.trust, keep })
  const own = beside.filter(({ subject }) => subject === image.digest).map((each) => admitted(each, trust))
  const attached = withBeside(gathered, own)
  const sboms: SubjectSbom[] = []
  for (const each of attached) if (isAny(each.type, sbomTypes)) sboms.push(await readSbomOf(each, store))
  const provenance = attached.filter(({ type }) => isAny(type, provenanceTypes))
  const believed = trustsAnyone(trust) ? provenance.filter(({ verified }) => verified) : provenance
  return {
    evidence: {
      attached: attached.map(withoutDocument),
      trustsAnyone: trustsAnyone(trust),
      sboms,
      provenance: provenance.map(readProvenance),
    },
    provenance: believed.flatMap(({ statement }) => statement ?? []),
  }
}

function isAny(type: string, wanted: readonly string[]): boolean {
  return wanted.some((each) => isOfType(type, each))
}

async function readSbomOf(attached: Attached, store: Store): Promise<SubjectSbom> {
  const evidence = withoutDocument(attached)
  const inventory = await inventoryIn(attached, store)
  return inventory === undefined ? { evidence } : { evidence, inventory }
}

async function inventoryIn(
  { statement, document, digest }: Attached,
  store: Store,
): Promise<Inventory | undefined> {
  const { readSbom, readSbomValue } = await import('../../sbom/read/read.ts')
  const what = `the attached SBOM ${digest}`
  try {
    if (statement?.predicate !== undefined)
      return (await readSbomValue(statement.predicate, { what })).inventory
    if (document === undefined) return undefined
    return (await readSbom(await readBounded(store, document, sbomLimit), { what })).inventory
  } catch (error) {
    if (error instanceof TemperError && unreadable.has(error.code)) return undefined
    throw error
  }
}

const unreadable: ReadonlySet<string> = new Set([
  'bad-sbom',
  'limit-exceeded',
  'digest-mismatch',
  'not-found',
])

/** SLSA 1 and 0.2 name the same things in other places; only the signature proves any of it. */
function readProvenance(attached: Attached): SubjectProvenance {
  const predicate: JsonObject = attached.statement?.predicate ?? {}
  const definition = objectOf(predicate['buildDefinition'])
  const runDetails = objectOf(predicate['runDetails'])
  const builder = textOf(memberOf(runDetails?.['builder'] ?? predicate['builder'], 'id'))
  const buildType = textOf(definition?.['buildType'] ?? predicate['buildType'])
  const materials = itemsOf(definition?.['resolvedDependencies'] ?? predicate['materials'])
  return {
    evidence: withoutDocument(attached),
    ...(builder === undefined ? {} : { builder }),
    ...(buildType === undefined ? {} : { buildType }),
    materials: materials.slice(0, materialLimit).map(readMaterial),
  }
}

function readMaterial(value: unknown): SubjectProvenance['materials'][number] {
  const uri = textOf(memberOf(value, 'uri'))
  const digest = objectOf(memberOf(value, 'digest'))
  const digests = Object.entries(digest ?? {}).flatMap(([name, hex]) =>
    typeof hex === 'string' ? [[name, hex]] : [],
  )
  return {
    ...(uri === undefined ? {} : { uri }),
    ...(digests.length === 0 ? {} : { digest: Object.fromEntries(digests) }),
  }
}
