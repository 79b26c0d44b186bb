import type { Image } from '../../model/image.ts'
import type { Sbom } from '../../model/sbom.ts'
import { type Artifact, attachedDocument } from '../../oci/image/artifact.ts'
import { cycloneDxPieces } from '../../sbom/cyclonedx/cyclonedx.ts'
import { textBytes } from '../../sbom/json-pieces.ts'
import { spdxPieces } from '../../sbom/spdx/spdx.ts'
import { evidenceAnnotation, sbomFormats } from '../evidence/evidence-type.ts'

/** What a build attaches to the image of one platform. Depends on nothing but the image and Temper's version. */
export function evidenceOf(sbom: Sbom, image: Image): Artifact[] {
  const documents = [
    [sbomFormats['spdx-json'], spdxPieces(sbom)],
    [sbomFormats['cyclonedx-json'], cycloneDxPieces(sbom)],
  ] as const
  return documents.map(([artifactType, pieces]) =>
    attachedDocument(image.descriptor, textBytes(pieces), {
      artifactType,
      annotations: {
        ...evidenceAnnotation,
        ...(image.config.created === undefined
          ? {}
          : { 'org.opencontainers.image.created': image.config.created }),
      },
    }),
  )
}
