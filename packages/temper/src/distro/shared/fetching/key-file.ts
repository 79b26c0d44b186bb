import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NamedBytes } from '../../../base/bytes.ts'
import { sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { fileError } from '../../../base/file.ts'
import { redactUrl } from '../../../base/http/redact.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import { offlineError, requestOptions } from './access.ts'

const keyLimit = 1024 * 1024

/** The bytes of a key file on the disk. Errors: `not-found`, `limit-exceeded`. */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path)
    if (bytes.length <= keyLimit) return bytes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error)
    throw new TemperError('not-found', `The key file ${path} does not exist`, {
      hint: 'Key paths in a recipe start from the folder of the recipe.',
      cause: error,
    })
  }
  throw new TemperError('limit-exceeded', `The key file ${path} is larger than ${keyLimit} bytes`)
}

/**
 * A key file by its path or address. Over http only a key whose fingerprint is known. Errors: `bad-recipe`, `not-found`,
 * `network`, `offline`, `limit-exceeded`.
 */
export async function readKey(
  name: string,
  { access, fingerprint }: { readonly access: ArchiveAccess; readonly fingerprint?: string | undefined },
): Promise<NamedBytes> {
  if (!/^https?:\/\//i.test(name)) return { name, bytes: await readKeyFile(name) }
  if (!/^https:/i.test(name) && fingerprint === undefined) {
    throw new TemperError('bad-recipe', `The key ${redactUrl(name)} comes over http and has no fingerprint`, {
      hint: 'Use an https address, or add the "fingerprint" of the key.',
    })
  }
  return { name: redactUrl(name), bytes: await fetchKey(name, access) }
}

/** Fetched each time, so that a replaced key is noticed; the cache answers when offline. */
async function fetchKey(address: string, access: ArchiveAccess): Promise<Uint8Array> {
  const cache = new ValueCache(join(access.cacheDir, 'keys-2'), access.progress)
  const what = `the key ${redactUrl(address)}`
  if (access.offline) {
    const cached = await cache.get(sha256(address))
    if (cached) return cached
    throw offlineError(what)
  }
  const response = await access.http.request(address, {
    ...requestOptions(access, address),
    what,
    expect: [200],
  })
  const bytes = await response.bytes(keyLimit)
  await cache.put(sha256(address), bytes)
  return bytes
}
