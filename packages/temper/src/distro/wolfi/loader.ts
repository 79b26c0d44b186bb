import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'
import type { GlibcSettings } from '../shared/effects/glibc/ld-so-conf.ts'

/** Where the loader looks without a cache, in its order: slibdir and user-defined-trusted-dirs of Wolfi's glibc. */
const folders = ['usr/lib', 'usr/local/lib', 'usr/local/lib64', 'usr/lib64', 'lib', 'lib64']

/** The C library as Wolfi builds it. */
export const wolfiGlibc: GlibcSettings = {
  folders: { amd64: folders, arm64: folders },
  configuration: 'include /etc/ld.so.conf.d/*.conf\n/usr/local/lib\n/usr/lib',
  generator(packages) {
    const version = packages.find(({ package: { name } }) => /^glibc(?:-\d[\d.]*)?$/.test(name))?.package
      .version
    const upstream = /^\d+(?:\.\d+)+/.exec(version ?? '')?.[0]
    if (version === undefined || upstream === undefined) return undefined
    return `ldconfig (glibc-${version}) stable release version ${upstream}`
  },
}

export const wolfiLoader: Readonly<Record<Architecture, LoaderRules>> = {
  amd64: loader('amd64'),
  arm64: loader('arm64'),
}

function loader(architecture: Architecture): LoaderRules {
  return { ...glibcLoader(architecture, 'lib'), defaultFolders: folders }
}
