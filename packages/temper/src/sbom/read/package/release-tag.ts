import type { Component, Distribution } from '../../../model/inventory.ts'

/** A release that the revision of a package names, by the distributions that write it so. */
interface Tag {
  readonly type: Component['type']
  readonly ids: ReadonlySet<string>
  readonly pattern: RegExp
  readonly version: (match: string) => string
}

const enterprise = ['rhel', 'centos', 'almalinux', 'rocky', 'ol', 'scientific', 'eurolinux', 'cloudlinux']
const whole = (match: string) => match
const withMinor = (match: string) => `${match}.0`

/** Debian's and Ubuntu's updates of a release; the dist tags of RPM distributions. */
const tags: readonly Tag[] = [
  {
    type: 'deb',
    ids: new Set(['debian']),
    pattern: /[+~](?:deb|bpo)(\d{1,2})(?:u\d+|\+\d+)/,
    version: whole,
  },
  {
    type: 'deb',
    ids: new Set(['ubuntu']),
    pattern: /ubuntu\d*\.?(\d{2}\.(?:04|10))(?:\.|$|~)/,
    version: whole,
  },
  { type: 'rpm', ids: new Set(enterprise), pattern: /\.el(\d{1,2})(?![0-9])/, version: whole },
  { type: 'rpm', ids: new Set(['fedora']), pattern: /\.fc(\d{2})(?![0-9])/, version: whole },
  { type: 'rpm', ids: new Set(['photon']), pattern: /\.ph(\d)(?![0-9])/, version: withMinor },
  { type: 'rpm', ids: new Set(['amzn']), pattern: /\.amzn(\d{1,4})(?![0-9])/, version: whole },
  { type: 'rpm', ids: new Set(['azurelinux']), pattern: /\.azl(\d)(?![0-9])/, version: withMinor },
  { type: 'rpm', ids: new Set(['mariner']), pattern: /\.cm(\d)(?![0-9])/, version: withMinor },
]

/** The release that the versions of a distribution's packages name, provided that all versions that name one agree. */
export function taggedRelease(
  packages: Iterable<Pick<Component, 'type' | 'version' | 'distribution'>>,
  stated: Distribution | undefined,
): Distribution | undefined {
  const ids = new Set<string>()
  const versions = new Set<string>()
  for (const { type, version, distribution: { id } = stated ?? { id: undefined } } of packages) {
    if (id === undefined || (type !== 'deb' && type !== 'rpm')) continue
    ids.add(id)
    const release = releaseIn(version.slice(0, 200), { type, id })
    if (release !== undefined) versions.add(release)
    // Packages of several distributions, or of several releases: nothing follows for the others.
    if (ids.size > 1 || versions.size > 1) return undefined
  }
  const [[id], [version]] = [[...ids], [...versions]]
  return id === undefined || version === undefined ? undefined : { id, version }
}

function releaseIn(
  version: string,
  { type, id }: { readonly type: Component['type']; readonly id: string },
): string | undefined {
  for (const tag of tags) {
    if (tag.type !== type || !tag.ids.has(id)) continue
    const matched = tag.pattern.exec(version)?.[1]
    if (matched !== undefined) return tag.version(matched)
  }
  return undefined
}
