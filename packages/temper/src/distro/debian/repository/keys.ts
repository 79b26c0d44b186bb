import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { fileError } from '../../../base/file.ts'
import { redactUrl } from '../../../base/http/redact.ts'
import { ValueCache } from '../../../base/value-cache.ts'
import type { KeyFile, Keyring } from '../../../formats/crypto/openpgp.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { offlineError, requestOptions } from '../../shared/fetching/access.ts'
import { debianReleases, type ReleaseSuite } from '../releases.ts'

const keyLimit = 1024 * 1024

/** Where keys are looked for besides the repository's own. */
export interface KeyPlaces {
  readonly access: ArchiveAccess
  /** Folder of the keys that ship with Temper. */
  readonly keysDir: string
  /** Key files of the recipe: paths or addresses. */
  readonly keyring: readonly string[]
}

/** The shipped keys that may sign a suite of Debian. */
export async function releaseKeyring(suite: ReleaseSuite, keysDir: string): Promise<Keyring> {
  return { files: await readShipped(suite.keys, keysDir) }
}

/**
 * The keys that may sign a repository of a recipe: its own key, else the recipe's keyring; with a fingerprint
 * only that one, which may then also be a key that ships with Temper. Errors: `bad-recipe` when the recipe
 * names none, `not-found`, `network`, `offline`.
 */
export async function repositoryKeyring(repository: RepositoryRequest, places: KeyPlaces): Promise<Keyring> {
  const { key, fingerprint } = repository
  const named = key === undefined ? places.keyring : [key]
  const files: KeyFile[] = []
  for (const name of named) files.push(await readKey(name, repository, places.access))
  if (fingerprint !== undefined) {
    if (key === undefined) files.push(...(await readShipped(shippedNames(), places.keysDir)))
    return { files, fingerprints: [fingerprint.replace(/\s/g, '').toUpperCase()] }
  }
  if (files.length > 0) return { files }
  throw new TemperError('bad-recipe', `The repository ${repository.name} names no key that signs it`, {
    hint: 'Give "key" (a file or an https address), best with its "fingerprint"; unsigned repositories are not used.',
  })
}

function shippedNames(): readonly string[] {
  return [...new Set(debianReleases.flatMap((release) => release.suites.flatMap((suite) => suite.keys)))]
}

async function readShipped(names: readonly string[], keysDir: string): Promise<KeyFile[]> {
  return Promise.all(names.map(async (name) => ({ name, bytes: await readKeyFile(join(keysDir, name)) })))
}

async function readKeyFile(path: string): Promise<Uint8Array> {
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

async function readKey(name: string, repository: RepositoryRequest, access: ArchiveAccess): Promise<KeyFile> {
  if (!/^https?:\/\//i.test(name)) return { name, bytes: await readKeyFile(name) }
  if (!/^https:/i.test(name) && repository.fingerprint === undefined) {
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
