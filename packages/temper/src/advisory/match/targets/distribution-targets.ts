import type { Component } from '../../../model/inventory.ts'
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
  const extended = component.version.includes('esm')
  return ecosystems.map((ecosystem) => ({
    ecosystem,
    ...(ecosystem.startsWith(ubuntuPro) && !extended ? { list: 'fallback' } : {}),
    scheme: 'dpkg',
    name: kernel ? 'linux' : name,
    // The signed kernel 6.1.119+1 is built from linux 6.1.119-1.
    version: kernel ? version.replace(/\+(\d+)$/, '-$1') : version,
    ...(name === component.name && version === component.version ? {} : { role: 'source package' }),
  }))
}

/** A binary-only rebuild `+bN` has the source version without that (Debian Policy, "binNMU"). */
function withoutRebuild(version: string): string {
  return version.replace(/\+b\d{1,9}$/, '')
}

/**
 * Ubuntu Pro has lists of its own. Versions with "esm" come from it; for others it tells of flaws that are repaired for
 * its customers alone, of which the common list often says nothing.
 */
const ubuntuPro = 'Ubuntu:Pro:'

/** apk-based distributions publish by origin; subpackages have its version, and some are named themselves. */
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

/** RPM distributions publish by binary package; some by what it was built from. The version is the package's own. */
export function rpmTargets(component: Component, ecosystems: readonly string[]): readonly MatchTarget[] {
  const source = component.source?.name
  return ecosystems.filter(isOfStream(component.version)).flatMap((ecosystem) => {
    const branch = stream.test(ecosystem) ? { list: 'branch' as const } : {}
    const own: MatchTarget = {
      ...{ ecosystem, scheme: 'rpm', name: component.name, version: component.version },
      ...branch,
    }
    if (source === undefined || source === component.name || !sourceNaming.test(ecosystem)) return [own]
    return [own, { ...own, name: source, role: 'source package' }]
  })
}

/** Lists of Red Hat's extended streams: "Red Hat:rhel_eus:9.4::baseos". */
const stream = /^Red Hat:rhel_[a-z0-9]+:(\d+\.\d+)(?:::|$)/

/** A stream speaks of the packages that were built for its minor release, which their release tells: "28.el9_4.1". */
function isOfStream(version: string): (ecosystem: string) => boolean {
  const [, major, minor] = /\.el(\d+)_(\d+)/.exec(version) ?? []
  return (ecosystem) => {
    const release = stream.exec(ecosystem)?.[1]
    return release === undefined || release === `${major}.${minor}`
  }
}
