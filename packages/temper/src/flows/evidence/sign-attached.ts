import { documentLimit, parseDocument } from '../../attest/json-document.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import { isOfType } from '../../attest/statement/predicate-type.ts'
import { mapLimit } from '../../base/concurrency.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import {
  evidenceTypes,
  predicateTypes,
  type Signer,
  type Statement,
  type Trust,
} from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { readBounded } from '../../oci/image/read-manifest.ts'
import type { Context } from '../context.ts'
import { imageTree } from '../image/tree.ts'
import { type Attached, judgeAttached } from '../trust/attached.ts'
import { trustInSigner } from '../trust/trusted-keys.ts'
import { atOnce, attachSigned } from './attest.ts'

/** Documents that are signed as what a statement says of the image. */
const documentTypes: readonly string[] = [
  predicateTypes.spdxjson,
  predicateTypes.cyclonedx,
  predicateTypes.openvex,
]

export interface SignAttachedOptions {
  readonly signer: Signer
  readonly context: Context
  /** What the image is called where it will be published: "HOST/REPOSITORY:TAG". */
  readonly names?: readonly string[]
}

/**
 * Signs an image with each of its platforms, and every statement and bill of materials that is attached to them
 * and not signed. What this signer has signed already is left as it is, so that doing it again changes nothing.
 */
export async function signAttached(
  store: Store,
  root: Descriptor,
  options: SignAttachedOptions,
): Promise<void> {
  const trust = await trustInSigner(options.signer, options.context)
  for (const { descriptor } of await imageTree(store, root))
    await signOne(store, descriptor, { ...options, trust })
}

async function signOne(
  store: Store,
  subject: Descriptor,
  options: SignAttachedOptions & { readonly trust: Trust },
): Promise<void> {
  const signed = new Set<Digest>()
  const attached = await judgeAttached(store, subject, {
    trust: options.trust,
    // What was signed is known by a digest; only statements that are to be signed stay in memory.
    keep: (each) => !each.verified,
    seen: (each, statement) => {
      if (each.verified) signed.add(meaning(statement))
    },
  })
  const todo = [signatureOf(subject.digest, options.names ?? [])]
  for (const each of attached) todo.push(...(await statementsOf(store, each)))
  const fresh = todo.filter((statement) => {
    const known = signed.has(meaning(statement))
    signed.add(meaning(statement))
    return !known
  })
  await mapLimit(fresh, atOnce(options.signer), (statement) =>
    attachSigned(store, subject, { ...options, statement, scheme: 'referrers' }),
  )
}

function signatureOf(subject: Digest, names: readonly string[]): Statement {
  const digest = digestSet(subject)
  const subjects = names.length === 0 ? [{ digest }] : names.map((name) => ({ name, digest }))
  return makeStatement(subjects, { predicateType: predicateTypes.signature, predicate: {} })
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

/** Equal for statements that say the same, and call the image the same where it is a signature that they make. */
function meaning(statement: Statement): Digest {
  const { predicateType, predicate = {} } = statement
  const names =
    predicateType === predicateTypes.signature
      ? statement.subject.flatMap(({ name }) => (name === undefined ? [] : [name])).sort()
      : []
  return sha256(canonicalJson([predicateType, predicate, names]))
}
