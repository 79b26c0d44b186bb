import { type ForeignDistro, openForeignDistro } from '../../distro/open.ts'
import { parseOsRelease } from '../../inventory/distribution.ts'
import type { Image } from '../../model/image.ts'
import type { Distribution } from '../../model/inventory.ts'
import type { InstalledState } from '../../model/package/installed.ts'
import { type Architecture, formatPlatform, parsePlatform } from '../../model/platform.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { keptContents } from '../../rules/image/kept-contents.ts'
import { readImageTree } from '../../tree/image.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import type { Context } from '../context.ts'

/** An image that somebody built, with everything that hardening looks at. */
export interface BaseImage {
  readonly image: Image
  readonly tree: FileTree
  readonly architecture: Architecture
  /** What os-release says; absent where there is none. */
  readonly distribution?: Distribution
  /** The distribution that knows its packages. Absent when there is none. */
  readonly foreign?: ForeignDistro
  /** What its package database says. Absent when it has no known database. */
  readonly installed?: InstalledState
}

const osReleasePaths = ['etc/os-release', 'usr/lib/os-release']

/** Reads the layers of an image once. Errors: those of reading images; `bad-image` for a damaged package database. */
export async function readBaseImage(image: Image, context: Context): Promise<BaseImage> {
  const { architecture } = parsePlatform(formatPlatform(image.config))
  const wanted = [...osReleasePaths]
  const all = keepAll()
  const tree = await readImageTree(image, {
    keep: (path) => wanted.includes(path) || all(path),
    signal: context.signal,
  })
  const distribution = distributionOf(tree)
  const foreign = distribution && (await openForeignDistro(distribution, context))
  const installed = foreign?.distro.installed?.read(tree)
  return {
    image,
    tree,
    architecture,
    ...(distribution === undefined ? {} : { distribution }),
    ...(foreign === undefined ? {} : { foreign }),
    ...(installed === undefined ? {} : { installed }),
  }
}

/** What rules, proof and package databases read. Which database an image has is only known afterwards. */
function keepAll(): (path: string) => boolean {
  return (path) =>
    proofReads(path) ||
    keptContents.some((pattern) => pattern.test(path)) ||
    /^(?:var\/lib\/dpkg\/(?:status$|status\.d\/|diversions$|statoverride$|info\/)|lib\/apk\/db\/(?:installed|triggers|scripts\.tar(?:\.gz)?)$|usr\/lib\/apk\/db\/|var\/cache\/debconf\/config\.dat$|etc\/(?:ca-certificates\.conf$|apk\/|dpkg\/dpkg\.cfg\.d\/))/.test(
      path,
    )
}

function distributionOf(tree: FileTree): Distribution | undefined {
  for (const path of osReleasePaths) {
    const content = tree.resolve(path)?.content
    const distribution =
      content && parseOsRelease(Buffer.from(content.subarray(0, 64 << 10)).toString('utf8'))
    if (distribution !== undefined) return distribution
  }
  return undefined
}
