import { digestSet, makeStatement, statementBytes } from '../../attest/statement/in-toto.ts'
import { TemperError } from '../../base/error.ts'
import type { ScanReport } from '../../model/advisory/scan-report.ts'
import { evidenceTypes } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { attachedDocument } from '../../oci/image/artifact.ts'
import { vulnsPredicate, vulnsType } from '../../report/in-toto.ts'
import type { Context } from '../context.ts'
import { attach } from '../evidence/attach.ts'
import { attachSigned } from '../evidence/attest.ts'
import { openImage } from '../image/source.ts'
import { imageTree } from '../image/tree.ts'
import { type ScanTarget, targetName } from '../inventory/target.ts'
import { openSigner, type SigningKey } from '../trust/trusted-keys.ts'

export interface AttachedScan {
  readonly reference: string
  readonly subject: string
  readonly type: string
  readonly digest: string
  readonly signer?: string
}

/** Attaches the findings to the scanned image. Throws `bad-usage` if the target is not an image. */
export async function attachScan(
  { target, report }: { readonly target: ScanTarget; readonly report: ScanReport },
  options: { readonly sign?: SigningKey },
  context: Context,
): Promise<AttachedScan> {
  if (target.kind !== 'image')
    throw new TemperError(
      'bad-usage',
      `${targetName(target)} is not an image, so nothing can be attached to it`,
    )
  const signer = options.sign === undefined ? undefined : await openSigner(options.sign, context)
  const { store, root, text: reference } = await openImage(target.reference, context)
  try {
    const subject = await subjectIn(store, root, report.result.target.digest)
    const statement = makeStatement([{ digest: digestSet(subject.digest) }], {
      predicateType: vulnsType,
      predicate: vulnsPredicate(report),
    })
    const common = { reference, subject: subject.digest, type: vulnsType }
    if (signer !== undefined) {
      const digest = await attachSigned(store, subject, { statement, signer, scheme: 'referrers', context })
      return { ...common, digest, signer: signer.key.id }
    }
    const annotations = {
      'org.opencontainers.image.created': report.times.finished,
      'in-toto.io/predicate-type': vulnsType,
    }
    const { statement: artifactType } = evidenceTypes
    const artifact = attachedDocument(subject, statementBytes(statement), { artifactType, annotations })
    return { ...common, digest: (await attach(store, artifact)).digest }
  } finally {
    await store.close()
  }
}

/** The tag may have moved since the image was read. */
async function subjectIn(store: Store, root: Descriptor, digest: string | undefined): Promise<Descriptor> {
  const tree = await imageTree(store, root)
  const match = tree.find(({ descriptor }) => descriptor.digest === digest)
  if (match !== undefined) return match.descriptor
  throw new TemperError(
    'not-found',
    `The image ${digest ?? ''} is no longer there: its name now points to another one`,
    {
      hint: 'Scan again, or name the image by its digest.',
    },
  )
}
