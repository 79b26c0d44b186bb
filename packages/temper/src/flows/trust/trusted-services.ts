import { resolve } from 'node:path'
import { readTrustedServices } from '../../attest/sigstore/trusted-services.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { TrustedServices } from '../../model/attestation.ts'
import type { Context } from '../context.ts'

/**
 * The services that are believed about identities and times: those of a trusted root, else of the person's own,
 * else those of the public good instance. Only the last may need the network.
 */
export async function openTrustedServices(
  trustedRoot: string | undefined,
  context: Context,
): Promise<TrustedServices> {
  const named = trustedRoot ?? context.sigstore?.trustedRoot
  if (named !== undefined) {
    const bytes = await readFileIfExists(resolve(context.workingDir, named))
    if (bytes !== undefined) return await readTrustedServices(bytes, named)
    throw new TemperError('not-found', `There is no trusted root ${named}`, {
      next: { action: 'get-trusted-root' },
    })
  }
  const { publicTrustedRoot } = await import('./public-root.ts')
  return await readTrustedServices(await publicTrustedRoot(context), 'the public trusted root')
}
