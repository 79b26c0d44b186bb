import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseDocument } from '../../attest/json-document.ts'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { fileError, writeFileAtomic } from '../../base/file.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { ValueCache } from '../../base/value-cache.ts'
import type { Context } from '../context.ts'

/** How long a copy is used before the repository is asked again (milliseconds). */
const fresh = 86_400_000

/**
 * The trusted root of the public good instance, or of the TUF repository that the person configured: from the cache
 * when it was fetched within a day, else by TUF, whose first root of trust ships with the library. Offline, a cached
 * copy of any age is used. Throws `offline` when there is none, `network`.
 */
export async function publicTrustedRoot(context: Context): Promise<Uint8Array> {
  const folder = join(context.cacheDir, 'sigstore')
  const { tufMirror, tufRoot } = context.sigstore ?? {}
  const roots = new ValueCache(join(folder, 'trusted-roots'), context.progress)
  const key = sha256(tufMirror ?? 'public')
  const known = await roots.get(key)
  if (known !== undefined && (context.offline || (await ageOf(roots.path(key), context)) < fresh))
    return known
  if (context.offline) {
    throw new TemperError('offline', 'The trusted root of the public good instance was never fetched', {
      hint: 'It is fetched once, when there is a network.',
      next: { action: 'name-trusted-root' },
    })
  }
  const { initTUF, TUFError } = await import('@sigstore/tuf')
  try {
    const client = await initTUF({
      cachePath: folder,
      ...(tufMirror === undefined ? {} : { mirrorURL: tufMirror }),
      ...(tufRoot === undefined ? {} : { rootPath: tufRoot }),
    })
    const text = await client.getTarget('trusted_root.json')
    await roots.put(key, text)
    return Buffer.from(text)
  } catch (error) {
    if (error instanceof TemperError) throw error
    const said = error instanceof Error ? error.message : String(error)
    const cause = error instanceof TUFError && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new TemperError(
      'network',
      `Cannot fetch the trusted root from ${tufMirror ?? 'the public good instance'}: ${said}${cause}`,
      { next: { action: 'name-trusted-root' }, cause: error },
    )
  }
}

async function ageOf(path: string, context: Context): Promise<number> {
  try {
    return context.now().getTime() - (await stat(path)).mtimeMs
  } catch (error) {
    throw fileError('read', path, error)
  }
}

/** The same as a document, written to a file when one is named. */
export async function writeTrustedRoot(output: string | undefined, context: Context): Promise<JsonObject> {
  const bytes = await publicTrustedRoot(context)
  if (output !== undefined) await writeFileAtomic(resolve(context.workingDir, output), bytes)
  return parseDocument(bytes, 'The trusted root')
}
