import type { Digest } from '../../base/digest.ts'
import type { Reference } from '../../model/reference.ts'
import type { Context } from '../context.ts'
import { openImage } from '../image/source.ts'
import { openSigner, type SigningKey, signerName } from '../trust/trusted-keys.ts'
import { signAttached } from './sign-attached.ts'

export interface SignAllRequest extends SigningKey {
  readonly reference: Reference
  /** What the image is called where it will be published: "HOST/REPOSITORY:TAG". */
  readonly names: readonly string[]
}

/**
 * Signs an image with each of its platforms, and every statement and bill of materials that is attached to them, as
 * building with a key does, for whoever has the key and had somebody else build. What the signer has signed already
 * stays as it is.
 */
export async function signAll(
  { reference, names, ...key }: SignAllRequest,
  context: Context,
): Promise<{ readonly subject: Digest; readonly signer: string }> {
  const { store, root } = await openImage(reference, context)
  try {
    const signer = await openSigner(key, context)
    await signAttached(store, root, { signer, context, names })
    return { subject: root.digest, signer: signerName(signer) }
  } finally {
    await store.close()
  }
}
