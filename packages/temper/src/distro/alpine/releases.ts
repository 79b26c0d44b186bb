import { TemperError } from '../../base/error.ts'
import type { Release } from '../../model/distro.ts'
import type { Architecture } from '../../model/platform.ts'

/** The id of Alpine's own repository in the lock, and for mirrors. */
export const alpineRepository = 'alpine'

export interface AlpineRelease extends Release {
  /** Folder of the release below a mirror's address: "v3.23". */
  readonly branch: string
  /** Repositories of the release; a mirror need not have those after the first. */
  readonly components: readonly string[]
  /** Key files that ship with Temper and may sign, by architecture. */
  readonly keys: Readonly<Record<Architecture, readonly string[]>>
}

/** Alpine's names of architectures. */
export const apkArchitectures: Readonly<Record<Architecture, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

/** Where the packages of every release are, when no mirror is set. */
export const alpineAddress = 'https://dl-cdn.alpinelinux.org/alpine'

/** A new release is one more line here, and its key files under keys/. */
export const alpineReleases: readonly AlpineRelease[] = [release('3.23'), release('3.22')]

/** The release of an id. It must be one of `alpineReleases`. */
export function alpineRelease(id: string): AlpineRelease {
  const found = alpineReleases.find((known) => known.id === id)
  if (found === undefined) throw new TemperError('internal', `There is no release ${id} of Alpine`)
  return found
}

function release(version: string): AlpineRelease {
  const key = (id: string) => `alpine-devel@lists.alpinelinux.org-${id}.rsa.pub`
  return {
    id: `alpine-${version}`,
    version,
    branch: `v${version}`,
    components: ['main', 'community'],
    keys: {
      amd64: ['4a6a0840', '5261cecb', '6165ee59'].map(key),
      arm64: ['58199dcc', '616ae350'].map(key),
    },
    osRelease: {
      NAME: 'Alpine Linux',
      ID: 'alpine',
      VERSION_ID: version,
      PRETTY_NAME: `Alpine Linux v${version}`,
      HOME_URL: 'https://alpinelinux.org/',
      BUG_REPORT_URL: 'https://gitlab.alpinelinux.org/alpine/aports/-/issues',
    },
  }
}
