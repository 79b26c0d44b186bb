import { posix } from 'node:path'
import type { LicenceStatement } from '../../model/package/licence.ts'
import type { PackageContent } from '../../model/package/package-content.ts'

/**
 * Finds the licence statement of a package among those of all packages. It may belong to another package, since a
 * folder of usr/share/doc may be a symlink to that of a package from the same source (Debian Policy 12.5).
 */
export function findLicences(
  contents: readonly PackageContent[],
): (name: string, content: PackageContent) => LicenceStatement | undefined {
  const statements = new Map(contents.flatMap(({ licences = {} }) => Object.entries(licences)))
  return (name, content) => {
    const links = new Map(
      content.entries.flatMap(({ type, path, target }): [string, string][] =>
        type === 'symlink' && target !== undefined && path.startsWith(`usr/share/doc/${name}`)
          ? [[path, resolve(path, target)]]
          : [],
      ),
    )
    const folder = `usr/share/doc/${name}`
    const path = `${links.get(folder) ?? folder}/copyright`
    return statements.get(links.get(path) ?? path)
  }
}

/** Where a symlink leads, without leading slash. */
function resolve(path: string, target: string): string {
  return posix.resolve('/', posix.dirname(path), target).slice(1)
}
