import { join } from 'node:path'
import { TemperError } from '../../../base/error.ts'
import { type ApkKey, parseApkKey } from '../../../formats/apk/signature.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import type { Architecture } from '../../../model/platform.ts'
import type { RepositoryRequest } from '../../../model/recipe.ts'
import { readKey, readKeyFile } from '../../shared/fetching/key-file.ts'
import type { ApkRelease } from '../release.ts'

/** Where keys are looked for. */
export interface KeyPlaces {
  readonly access: ArchiveAccess
  /** Folder of the keys that ship with Temper. */
  readonly keysDir: string
  /** Key files of the recipe: paths or addresses. */
  readonly keyring: readonly string[]
  readonly architectures: readonly Architecture[]
}

/** Keys by the architecture whose index they may sign. */
export type Keys = ReadonlyMap<Architecture, readonly ApkKey[]>

/** The keys that ship with Temper, and those of the recipe's keyring: a mirror may sign for itself. */
export async function releaseKeys(release: ApkRelease, places: KeyPlaces): Promise<Keys> {
  const own = await readKeys(places.keyring, places)
  const keys = new Map<Architecture, readonly ApkKey[]>()
  for (const architecture of places.architectures) {
    const shipped = await Promise.all(
      release.keys[architecture].map(async (name) => {
        return parseApkKey({ name, bytes: await readKeyFile(join(places.keysDir, name)) })
      }),
    )
    keys.set(architecture, [...own, ...shipped])
  }
  return keys
}

/** The keys that may sign a repository of the recipe: its own key, else the keyring. Errors: `bad-recipe` without any. */
export async function repositoryKeys(
  { name, key, fingerprint }: RepositoryRequest,
  places: KeyPlaces,
): Promise<Keys> {
  const all = await readKeys(key === undefined ? places.keyring : [key], places, fingerprint)
  const keys = all.filter((each) => fingerprint === undefined || each.fingerprint === fingerprint)
  if (keys.length === 0) {
    throw new TemperError('bad-recipe', `The repository ${name} names no key that signs it`, {
      hint: 'List its .rsa.pub file under contents.keyring; unsigned repositories are not used.',
    })
  }
  return new Map(places.architectures.map((architecture) => [architecture, keys]))
}

async function readKeys(
  names: readonly string[],
  { access }: KeyPlaces,
  fingerprint?: string,
): Promise<readonly ApkKey[]> {
  const keys: ApkKey[] = []
  for (const name of names) {
    const file = await readKey(name, { access, fingerprint })
    keys.push(parseApkKey(file))
  }
  return keys
}
