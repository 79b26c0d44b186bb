import { distributionCataloguers } from '../../inventory/cataloguers.ts'
import { readImageInventory } from '../../inventory/reading/image.ts'
import type { Image } from '../../model/image.ts'
import type { Component, ComponentType } from '../../model/inventory.ts'
import type { Context } from '../context.ts'
import { readingOptions } from '../inventory/reading-options.ts'

/** A package as the database inside an image lists it. */
export interface InstalledPackage {
  /** Type of the package: "deb", "apk", "rpm". */
  readonly type: ComponentType
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** What it was built from: Debian's source, Alpine's origin, the name of the source RPM. */
  readonly source: string
}

/**
 * The packages of an image's distribution, whichever that is, as the finished tree lists them. Sorted by name.
 * Damaged or missing parts of a database cause a warning; what can be read is listed.
 */
export async function installedPackages(
  image: Image,
  context: Pick<Context, 'cacheDir' | 'progress' | 'signal'>,
): Promise<InstalledPackage[]> {
  const { components, notes } = await readImageInventory(image, {
    ...readingOptions(context),
    cataloguers: distributionCataloguers,
  })
  for (const { message, location } of notes)
    context.progress.warn(location === undefined ? message : `/${location.path}: ${message}`)
  return components
    .map(describe)
    .sort((a, b) => compare(a.name, b.name) || compare(a.architecture, b.architecture))
}

function describe({ type, name, version, architecture = '', source }: Component): InstalledPackage {
  return { type, name, version, architecture, source: source?.name ?? name }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
