import type { EvidencePackage, ImageEvidence } from '../../advisory/vex/author/evidence.ts'
import type { Image } from '../../model/image.ts'
import type { Artifact } from '../../oci/image/artifact.ts'
import { packagePurl } from '../../sbom/describe/package-purl.ts'
import { vexOf } from '../build/vex.ts'
import type { BaseImage } from './base-image.ts'
import type { UpdatedTree } from './update/update.ts'

/**
 * The fixes that the changelogs of updated packages name, as an OpenVEX document; none when nothing was updated.
 * Packages that were there before are not covered, since their changelogs were not read.
 */
export async function vexArtifacts(
  result: Image,
  { base, updated, name }: { readonly base: BaseImage; readonly updated: UpdatedTree; readonly name: string },
): Promise<readonly Artifact[]> {
  const { distribution } = base
  const { packageType } = updated
  if (updated.updates.length === 0 || distribution === undefined || packageType === undefined) return []
  const packages = updated.updates.map(
    ({ package: locked, content: { changelog } }): EvidencePackage => ({
      name: locked.name,
      version: locked.version,
      architecture: locked.architecture,
      source: locked.source,
      repository: locked.origin.repository,
      purl: packagePurl(locked, distribution, packageType),
      ...(changelog === undefined ? {} : { changelog }),
      files: [],
    }),
  )
  const { id, version, codename } = distribution
  const vexEvidence: ImageEvidence = {
    image: {
      name,
      digest: result.descriptor.digest,
      created: result.config.created ?? '1970-01-01T00:00:00Z',
    },
    distribution: { id, version, ...(codename === undefined ? {} : { codename }) },
    packageType,
    packages,
    others: [],
    pruned: [],
    unloaded: new Set<string>(),
  }
  const { artifacts } = await vexOf({
    built: [{ image: result, vexEvidence }],
    index: undefined,
    authored: undefined,
  })
  return artifacts
}
