import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'

const machines = {
  amd64: { number: 62, name: 'x86-64', platform: 'x86_64' },
  arm64: { number: 183, name: 'AArch64', platform: 'aarch64' },
} as const

/** What musl's loader is in one file (ldso/dynlink.c, load_library: "Catch and block attempts to reload the implementation itself"). */
const itself = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./

/**
 * The loader of musl, which is the C library as well: one file for both, no cache, no symbol versions. Its search
 * path is in /etc/ld-musl-ARCH.path, or built in.
 */
export function muslLoader(architecture: Architecture): LoaderRules {
  const { platform } = machines[architecture]
  return {
    ...machines[architecture],
    loader: `/lib/ld-musl-${platform}.so.1`,
    // musl knows neither $LIB nor $PLATFORM, and passes over folders that name them.
    libraryToken: 'lib',
    defaultFolders: ['lib', 'usr/local/lib', 'usr/lib'],
    pathFile: `etc/ld-musl-${platform}.path`,
    libraries: 'usr/lib',
    readsCache: false,
    ownNames: itself,
    inheritsRunpath: true,
    cLibrary: /^(?:ld-musl-[^/]+\.so\.1|libc\.(?:musl-[^/]+\.so\.1|so))$/,
    implicit: /^(?!)/,
  }
}
