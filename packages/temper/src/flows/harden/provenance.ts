import { digestSet, makeStatement, statementBytes } from '../../attest/statement/in-toto.ts'
import { defaultBuilderId } from '../../attest/statement/provenance.ts'
import { sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { temperVersion } from '../../base/version.ts'
import { evidenceTypes, predicateTypes, type ResourceDescriptor } from '../../model/attestation.ts'
import type { Image } from '../../model/image.ts'
import { formatPlatform } from '../../model/platform.ts'
import { revisions } from '../../model/revision.ts'
import { type Artifact, attachedDocument } from '../../oci/image/artifact.ts'
import { packagePurl } from '../../sbom/describe/package-purl.ts'
import type { Context } from '../context.ts'
import { evidenceAnnotation } from '../evidence/evidence-type.ts'
import type { BaseImage } from './base-image.ts'
import type { HardenRequest, LeftOver, RemovedPath } from './request.ts'
import type { UpdatedTree } from './update/update.ts'

/** How images are hardened: docs/reference/build-type.md. Another meaning of a member is another type. */
const hardenType = 'urn:temper:build:harden:v1'

export interface HardenFacts {
  readonly base: BaseImage
  readonly result: Image
  readonly name: string
  readonly request: HardenRequest
  readonly updated: UpdatedTree
  readonly removed: readonly RemovedPath[]
  readonly left: readonly LeftOver[]
}

/** SLSA provenance v1 of a hardened image. It holds no time: the same hardening has the same provenance. */
export function hardenProvenance(
  facts: HardenFacts,
  { builderId, sourceDateEpoch }: Pick<Context, 'builderId' | 'sourceDateEpoch'>,
): Artifact {
  const { base, result, name, request, removed, left } = facts
  const { user, only, squash, writable, allow } = request
  const externalParameters = {
    image: base.image.descriptor.digest,
    platform: formatPlatform(result.config),
    allow: allow.map(({ rule, path }) => ({ rule, ...(path === undefined ? {} : { path }) })),
    writable,
    ...(user === undefined ? {} : { user }),
    ...(only === undefined ? {} : { only }),
    ...(squash === undefined ? {} : { squash }),
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
  }
  const resolvedDependencies = dependenciesOf(facts)
  const predicate = {
    buildDefinition: {
      buildType: hardenType,
      externalParameters,
      internalParameters: {
        revision: revisions.current,
        removed: removed.map(({ path, rule }) => ({ path, rule })),
        left: left.map(({ what, why }) => ({ what, why })),
      },
      resolvedDependencies,
    },
    runDetails: {
      builder: { id: builderId ?? defaultBuilderId, version: { temper: temperVersion() } },
      metadata: { invocationId: sha256(canonicalJson([externalParameters, resolvedDependencies])) },
    },
  }
  const { digest } = result.descriptor
  const statement = makeStatement([{ name, digest: digestSet(digest) }], {
    predicateType: predicateTypes.slsaprovenance1,
    predicate,
  })
  const { created } = result.config
  return attachedDocument(result.descriptor, statementBytes(statement), {
    artifactType: evidenceTypes.statement,
    annotations: {
      ...evidenceAnnotation,
      ...(created === undefined ? {} : { 'org.opencontainers.image.created': created }),
      'in-toto.io/predicate-type': predicateTypes.slsaprovenance1,
    },
  })
}

/** The image that was hardened, then what came from archives. */
function dependenciesOf({ base, updated }: HardenFacts): readonly ResourceDescriptor[] {
  const { distribution, image } = base
  const { packageType } = updated
  return [
    { name: 'image', digest: digestSet(image.descriptor.digest), mediaType: image.descriptor.mediaType },
    ...updated.suites.map(({ repository, suite, address, digest, components, date, signedBy }) => ({
      name: `${repository} ${suite}`,
      uri: address,
      digest: digestSet(digest),
      annotations: { components, date, signedBy },
    })),
    ...updated.updates.map(({ package: locked, from }) => ({
      name: locked.name,
      ...(distribution === undefined || packageType === undefined
        ? {}
        : { uri: packagePurl(locked, distribution, packageType) }),
      digest: digestSet(locked.digest),
      annotations: { size: locked.size, ...(from === undefined ? {} : { replaces: from.package.version }) },
    })),
  ]
}
