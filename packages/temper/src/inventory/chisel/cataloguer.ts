import { isDigest } from '../../base/digest.ts'
import type { Component } from '../../model/inventory.ts'
import type { Cataloguer, CatalogueScope, FoundFact } from '../cataloguer.ts'
import { distributionPurl, upstreamOf } from '../distribution-purl.ts'
import { sinceLayer } from '../reading/since-layer.ts'
import { type ChiselPackage, chiselManifest, readChiselManifest } from './manifest.ts'
import { ubuntuSource } from './source-package.ts'

/** Ubuntu images that Chisel cut out of packages: they have no dpkg database, but Chisel's manifest. */
export const chiselCataloguer: Cataloguer<readonly ChiselPackage[]> = {
  id: 'chisel',
  type: 'deb',
  version: 1,
  sizeLimit: 64 << 20,
  select: ({ path }) => path === chiselManifest,
  read: readChiselManifest,
  combine: (facts, scope) => ({
    components: facts.flatMap((placed) => components(placed, scope)),
    notes: [],
  }),
}

function components(placed: FoundFact<readonly ChiselPackage[]>, scope: CatalogueScope): Component[] {
  const identity = ({ name, version }: ChiselPackage) => `${name} ${version}`
  const since = sinceLayer(placed, (packages) => packages.map(identity))
  return placed.fact.map((each) => {
    const { name, version, architecture, sha256, files } = each
    const source = { name: ubuntuSource(name, version) ?? name, version }
    const upstream = upstreamOf({ name, version }, source)
    const digest = `sha256:${sha256 ?? ''}`
    return {
      type: 'deb',
      name,
      version,
      architecture,
      source,
      purl: distributionPurl(
        { type: 'deb', name, version, architecture, ...(upstream === undefined ? {} : { upstream }) },
        scope.distribution,
      ),
      ...(scope.distribution === undefined ? {} : { distribution: scope.distribution }),
      ...(isDigest(digest) ? { digest } : {}),
      locations: [since(identity(each))],
      files,
      foundBy: 'chisel',
    }
  })
}
