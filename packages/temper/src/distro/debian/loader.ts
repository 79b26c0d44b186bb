import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'
import type { GlibcSettings } from '../shared/effects/glibc/ld-so-conf.ts'

/** Names of Debian's library folders (multiarch specification). */
export const multiarch: Readonly<Record<Architecture, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
}

/** The C library as Debian builds it. */
export const debianGlibc: GlibcSettings = {
  folders: { amd64: foldersOf('amd64'), arm64: foldersOf('arm64') },
  configuration: 'include /etc/ld.so.conf.d/*.conf',
  generator(packages) {
    const name = ['libc-bin', 'libc6'].find((each) =>
      packages.some((installed) => installed.package.name === each),
    )
    const version = packages.find((installed) => installed.package.name === name)?.package.version
    const upstream = /^\d+(?:\.\d+)+/.exec(version ?? '')?.[0]
    if (version === undefined || upstream === undefined) return undefined
    return `ldconfig (Debian GLIBC ${version.replace(/\+b\d+$/, '')}) stable release version ${upstream}`
  },
}

/** Where the loader looks without a cache, in its order. */
function foldersOf(architecture: Architecture): readonly string[] {
  const folder = `lib/${multiarch[architecture]}`
  return [folder, `usr/${folder}`, 'lib', 'usr/lib']
}

export const debianLoader: Readonly<Record<Architecture, LoaderRules>> = {
  amd64: glibcLoader('amd64', `lib/${multiarch.amd64}`),
  arm64: glibcLoader('arm64', `lib/${multiarch.arm64}`),
}
