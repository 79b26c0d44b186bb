import { readTrustedServices } from '../../attest/sigstore/trusted-services.ts'
import { TemperError } from '../../base/error.ts'
import type { TrustedServices } from '../../model/attestation.ts'
import type { Context } from '../context.ts'
import type { TrustedRoot } from './policy.ts'

/**
 * The services that are trusted about identities and times: those of the given trusted root, else of the person's
 * own, else of the public good instance. Only the last may need the network.
 */
export async function openTrustedServices(
  trustedRoot: TrustedRoot | undefined,
  context: Context,
): Promise<TrustedServices> {
  const named = trustedRoot ?? context.sigstore?.trustedRoot
  if (named !== undefined) {
    const bytes = await named.read()
    if (bytes !== undefined) return await readTrustedServices(bytes, named.name)
    throw new TemperError('not-found', `There is no trusted root ${named.name}`, {
      next: { action: 'get-trusted-root' },
    })
  }
  const { publicTrustedRoot } = await import('./public-root.ts')
  return await readTrustedServices(await publicTrustedRoot(context), 'the public trusted root')
}
