import { sha256 } from '../../../base/digest.ts'
import type { ApkRecord } from '../../../formats/apk/record.ts'
import type { IndexedPackage, PackageOrigin } from '../../../model/package/package.ts'
import { readDependencies, readRequirements, soleProvisions } from '../packages/requirement.ts'

/** Where the packages of an index are. */
export interface IndexOrigin extends Omit<PackageOrigin, 'location'> {
  /** Folder of the index below the repository's address: "v3.23/main/x86_64". */
  readonly folder: string
}

/** Above every priority that a package can have. */
const lowestRank = 10_000_000

/** A package of an index. Its digest stands for the checksum that the index has of the archive. Errors: `bad-index`. */
export function indexedPackage(record: ApkRecord, { folder, ...origin }: IndexOrigin): IndexedPackage {
  const { name, version, architecture, size, installedSize } = record
  const title = `${name} ${version} in ${folder}`
  const { depends, conflicts } = readDependencies(record.depends, title)
  const provides = readRequirements(record.provides, title)
  const installIf = readDependencies(record.installIf, title).depends
  return {
    name,
    version,
    architecture,
    size,
    installedSize,
    source: { name: record.origin ?? name, version },
    digest: sha256(record.checksum),
    origin: { ...origin, location: `${folder}/${name}-${version}.apk` },
    depends,
    preDepends: [],
    provides,
    conflicts: [...conflicts, ...soleProvisions(provides)],
    breaks: [],
    replaces: readRequirements(record.replaces, title),
    multiArch: 'no',
    providerRank: lowestRank - Math.min(record.providerPriority ?? 0, lowestRank),
    ...(installIf.length === 0 ? {} : { installIf }),
  }
}
