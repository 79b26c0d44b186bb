import { digestSet, makeStatement } from '../attest/in-toto.ts'
import { documentLimit, parseDocument } from '../attest/json-document.ts'
import { isOfType } from '../attest/predicate-type.ts'
import { canonicalJson } from '../base/canonical-json.ts'
import type { Digest } from '../base/digest.ts'
import { evidenceTypes, predicateTypes, type Signer, type Statement } from '../model/attestation.ts'
import type { Descriptor } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { readBounded } from '../oci/read-image.ts'
import { type Attached, judgeAttached } from './attached.ts'
import { attachSigned } from './attest.ts'
import type { Context } from './context.ts'
import { imageTree } from './image-tree.ts'

/** Documents that are signed as what a statement says of the image. */
const documentTypes: readonly string[] = [
  predicateTypes.spdxjson,
  predicateTypes.cyclonedx,
  predicateTypes.openvex,
]

/**
 * Signs an image with each of its platforms, and every statement and bill of materials that is attached to them
 * and not signed. What this key has signed already is left as it is, so that doing it again changes nothing.
 */
export async function signAttached(
  store: Store,
  root: Descriptor,
  options: { readonly signer: Signer; readonly context: Context },
): Promise<void> {
  for (const { descriptor } of await imageTree(store, root)) {
    const attached = await judgeAttached(store, descriptor, [options.signer.key])
    const signed = new Set(attached.filter((each) => each.verified).map(meaning))
    const statements = [signatureOf(descriptor.digest)]
    for (const each of attached) statements.push(...(await statementsOf(store, each)))
    for (const statement of statements) {
      if (signed.has(meaning({ type: statement.predicateType, statement }))) continue
      await attachSigned(store, descriptor, { ...options, statement, scheme: 'referrers' })
    }
  }
}

function signatureOf(subject: Digest): Statement {
  return makeStatement([{ digest: digestSet(subject) }], {
    predicateType: predicateTypes.signature,
    predicate: {},
  })
}

/** What an unsigned document states, to be signed. */
async function statementsOf(store: Store, attached: Attached): Promise<readonly Statement[]> {
  const { document, statement, subject } = attached
  if (document === undefined) return []
  if (document.mediaType === evidenceTypes.statement) return statement === undefined ? [] : [statement]
  const type = documentTypes.find((known) => isOfType(attached.type, known))
  const isJson = document.mediaType === attached.mediaType && document.mediaType.includes('json')
  if (type === undefined || !isJson || statement !== undefined || attached.signers.length > 0) return []
  const predicate = parseDocument(await readBounded(store, document, documentLimit), document.digest)
  return [makeStatement([{ digest: digestSet(subject) }], { predicateType: type, predicate })]
}

/** Equal for statements that say the same. */
function meaning({ type, statement }: Pick<Attached, 'type' | 'statement'>): string {
  return canonicalJson([type, statement?.predicate ?? {}])
}
