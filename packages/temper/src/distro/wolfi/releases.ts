import type { ApkRelease } from '../apk/release.ts'

/** One key signs the repository, whatever the architecture. */
const keys = ['wolfi-signing.rsa.pub']

/**
 * Wolfi rolls: it has one repository and no releases. VERSION_ID is what its os-release says ever since (wolfi-baselayout),
 * and what scanners expect there; it does not change with the packages.
 */
export const wolfiRelease: ApkRelease = {
  id: 'wolfi',
  version: '20230201',
  repository: 'wolfi',
  address: 'https://packages.wolfi.dev/os',
  components: ['os'],
  keys: { amd64: keys, arm64: keys },
  hostLine: /^(https?:\/\/[^\s@]*\bwolfi\b[^\s@]*?)\/*$/,
  // /lib is a link to it.
  database: 'usr/lib/apk/db',
  rolling: true,
  osRelease: {
    NAME: 'Wolfi',
    ID: 'wolfi',
    VERSION_ID: '20230201',
    PRETTY_NAME: 'Wolfi',
    HOME_URL: 'https://wolfi.dev',
    BUG_REPORT_URL: 'https://github.com/wolfi-dev/os/issues',
  },
}
