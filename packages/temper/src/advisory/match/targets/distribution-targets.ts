import type { Component } from '../../../model/inventory.ts'
import { isOfStream, redHatPlace, undecidedRelease } from './red-hat.ts'
import type { MatchTarget } from './target.ts'

/**
 * Debian and Ubuntu publish by source package and source version: a binary's own version may differ (another epoch, a
 * rebuild `+bN`). Without a stated source the package is its own.
 */
export function debTargets(component: Component, ecosystems: readonly string[]): readonly MatchTarget[] {
  const name = component.source?.name ?? component.name
  const stated = component.source?.version ?? ''
  const version = withoutRebuild(stated === '' ? component.version : stated)
  const kernel = /^linux-signed(?:-|$)/.test(name)
  return ecosystems.flatMap((ecosystem): MatchTarget[] => {
    const place = ubuntuPlace(ecosystem, { name, version: component.version })
    if (place === undefined) return []
    return [
      {
        ecosystem,
        ...place,
        scheme: 'dpkg',
        name: kernel ? 'linux' : name,
        // The signed kernel 6.1.119+1 is built from linux 6.1.119-1.
        version: kernel ? version.replace(/\+(\d+)$/, '-$1') : version,
        ...(name === component.name && version === component.version ? {} : { role: 'source package' }),
      },
    ]
  })
}

/** A binary-only rebuild `+bN` has the source version without that (Debian Policy, "binNMU"). */
function withoutRebuild(version: string): string {
  return version.replace(/\+b\d{1,9}$/, '')
}

/**
 * What a list of Ubuntu is to a package; undefined for a list of another product. Ubuntu Pro has lists of its own: versions
 * with "esm" come from it; for others it tells of flaws that are repaired for its customers alone, of which the common
 * list often says nothing. Packages that are certified for FIPS are builds of their own, whose versions do not compare
 * with others (`2.fips.24` is above `2.99`): only their lists speak of them, and of nothing else.
 */
function ubuntuPlace(
  ecosystem: string,
  { name, version }: { readonly name: string; readonly version: string },
): Pick<MatchTarget, 'list'> | undefined {
  const [, product = ''] = /^Ubuntu:(?:(.+):)?\d+\.\d+$/.exec(ecosystem) ?? []
  if (/^Pro:FIPS/i.test(product)) {
    if (!isFips({ name, version })) return undefined
    // Updates are repaired where they say so, whatever the frozen list of certified packages has.
    return /updates/i.test(product) ? { list: 'branch' } : {}
  }
  if (ecosystem.startsWith('Ubuntu:') && isFips({ name, version })) return undefined
  if (/realtime/i.test(product)) return name.includes('realtime') ? {} : undefined
  if (/bluefield/i.test(product)) return name.includes('bluefield') ? {} : undefined
  return product === 'Pro' && !version.includes('esm') ? { list: 'fallback' } : {}
}

/** "1.1.1f-1ubuntu2.fips.24", "5.4.0-1026.30~fips1", "3.0.2-0ubuntu1.10+Fips1"; kernels are sources of their own. */
export function isFips({ name, version }: { readonly name: string; readonly version: string }): boolean {
  return /fips/i.test(version) || /-fips(?:-|$)/.test(name)
}

/** apk-based distributions publish by origin; subpackages have its version, and some are listed by their own names. */
export function apkTargets(component: Component, ecosystems: readonly string[]): readonly MatchTarget[] {
  const origin = component.source?.name
  return ecosystems.flatMap((ecosystem) => {
    const own: MatchTarget = { ecosystem, scheme: 'apk', name: component.name, version: component.version }
    return origin === undefined || origin === component.name
      ? [own]
      : [{ ...own, name: origin, role: 'origin' }, own]
  })
}

/** Families whose lists name source packages, or both. */
const sourceNaming = /^(?:Rocky Linux|SUSE|openSUSE|openEuler|Mageia|Photon OS|Azure Linux):/

/** RPM distributions publish by binary package, some by source package. The version is the package's own. */
export function rpmTargets(component: Component, ecosystems: readonly string[]): readonly MatchTarget[] {
  const source = component.source?.name
  const undecided = undecidedRelease(component, ecosystems)
  return ecosystems.filter(isOfStream(component)).flatMap((ecosystem) => {
    const own: MatchTarget = {
      ecosystem,
      scheme: 'rpm',
      name: component.name,
      version: component.version,
      ...redHatPlace(ecosystem),
      ...(undecided === undefined ? {} : { undecided }),
    }
    if (source === undefined || source === component.name || !sourceNaming.test(ecosystem)) return [own]
    return [own, { ...own, name: source, role: 'source package' }]
  })
}
