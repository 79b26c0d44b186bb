import { TemperError } from '../../base/error.ts'
import type { ApkRelease } from '../apk/release.ts'

/** A new release is one more line here, and its key files under keys/. */
export const alpineReleases: readonly ApkRelease[] = [release('3.23'), release('3.22')]

/** The release of an id. It must be one of `alpineReleases`. */
export function alpineRelease(id: string): ApkRelease {
  const match = alpineReleases.find((known) => known.id === id)
  if (match === undefined) throw new TemperError('internal', `There is no release ${id} of Alpine`)
  return match
}

function release(version: string): ApkRelease {
  const key = (id: string) => `alpine-devel@lists.alpinelinux.org-${id}.rsa.pub`
  return {
    id: `alpine-${version}`,
    version,
    repository: 'alpine',
    address: 'https://dl-cdn.alpinelinux.org/alpine',
    branch: `v${version}`,
    components: ['main', 'community'],
    keys: {
      amd64: ['4a6a0840', '5261cecb', '6165ee59'].map(key),
      arm64: ['58199dcc', '616ae350'].map(key),
    },
    // Whatever release the host runs, a mirror has all of them.
    hostLine: /^(https?:\/\/[^\s@]+?)\/+(?:v\d+\.\d+|edge)\/+(?:main|community)\/*$/,
    database: 'lib/apk/db',
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
