import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'

/** e_machine and the names of the psABIs' loaders (System V ABI supplements). */
const machines = {
  amd64: { number: 62, name: 'x86-64', platform: 'x86_64', loader: '/lib64/ld-linux-x86-64.so.2' },
  arm64: { number: 183, name: 'AArch64', platform: 'aarch64', loader: '/lib/ld-linux-aarch64.so.1' },
} as const

/** The C library and its loader define dlopen; they load of themselves only what `implicit` names. */
const cLibrary = /^(?:libc\.so\.6|libdl\.so\.2|libpthread\.so\.0|ld-linux[^/]*\.so\.\d)$/

/** Name services, character sets, the unwinder when threads end, names of hosts in other scripts, auditors. */
const implicit =
  /^(?:libnss_[^/]*\.so(?:\.\d+)?|libgcc_s\.so\.1|libidn2\.so\.0|libmemusage\.so|libpcprofile\.so)$/

/**
 * The loader of the GNU C library (ld.so(8)). `folder` is its library folder below / and /usr, as the distribution
 * built it: "lib/x86_64-linux-gnu" with multiarch, "lib64" on others.
 */
export function glibcLoader(architecture: Architecture, folder: string): LoaderRules {
  return {
    ...machines[architecture],
    libraryToken: folder,
    defaultFolders: [...new Set([folder, `usr/${folder}`, 'lib', 'usr/lib'])],
    libraries: `usr/${folder}`,
    readsCache: true,
    cLibrary,
    implicit,
  }
}
