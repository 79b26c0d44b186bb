import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'

/** Names of Debian's library folders (multiarch specification). */
export const multiarch: Readonly<Record<Architecture, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
}

/** Where the loader looks without a cache, in its order. */
export const loaderFolders: Readonly<Record<Architecture, readonly string[]>> = {
  amd64: [`lib/${multiarch.amd64}`, `usr/lib/${multiarch.amd64}`, 'lib', 'usr/lib', 'lib64', 'usr/lib64'],
  arm64: [`lib/${multiarch.arm64}`, `usr/lib/${multiarch.arm64}`, 'lib', 'usr/lib'],
}

export const debianLoader: Readonly<Record<Architecture, LoaderRules>> = {
  amd64: glibcLoader('amd64', `lib/${multiarch.amd64}`),
  arm64: glibcLoader('arm64', `lib/${multiarch.arm64}`),
}
