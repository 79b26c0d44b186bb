import { join } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import type { KeyFile, Keyring } from '../../../formats/crypto/openpgp.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { readKey, readKeyFile } from '../../shared/fetching/key-file.ts'
import { debianReleases, type ReleaseSuite } from '../releases.ts'

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
  for (const name of named)
    files.push(await readKey(name, { access: places.access, fingerprint: repository.fingerprint }))
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
