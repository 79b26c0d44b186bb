import { olderMaterial } from '../../attest/envelope/older-material.ts'
import {
  type CheckedDocument,
  checkBundle,
  checkDsse,
  checkSimpleSigning,
  checkStatement,
  type Expectation,
} from '../../attest/trust/check.ts'
import { evidenceTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'

/** Where cosign's older scheme keeps the signature of a document. */
export const signatureAnnotation = 'dev.cosignproject.cosign/signature'

/** How to check a document, by its media type; undefined when it has neither a signature nor a subject. */
export function checkOf(
  layer: Descriptor,
): ((bytes: Uint8Array, expected: Expectation) => CheckedDocument) | undefined {
  if (layer.mediaType.startsWith('application/vnd.dev.sigstore.bundle')) return checkBundle
  const annotations = layer.annotations ?? {}
  const material = olderMaterial(annotations)
  const dsse = (bytes: Uint8Array, expected: Expectation) => checkDsse(bytes, expected, material)
  if (/^application\/vnd\.in-toto\.[a-z0-9.-]+\+dsse$/.test(layer.mediaType)) return dsse
  switch (layer.mediaType) {
    case evidenceTypes.statement:
      return checkStatement
    case evidenceTypes.envelope:
      return dsse
    case evidenceTypes.simpleSigning:
      return (payload, expected) => {
        const signature = annotations[signatureAnnotation]
        return checkSimpleSigning(
          { payload, signature, ...(material === undefined ? {} : { material }) },
          expected,
        )
      }
    default:
      return undefined
  }
}
