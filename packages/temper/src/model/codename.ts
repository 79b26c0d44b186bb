/** A release of a distribution, as in ID and VERSION_ID of os-release(5). */
export interface CodenamedRelease {
  readonly id: string
  readonly version: string
}

const debian = [
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
] as const

const ubuntu = [
  ['precise', '12.04'],
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
  ['focal', '20.04'],
  ['groovy', '20.10'],
  ['hirsute', '21.04'],
  ['impish', '21.10'],
  ['jammy', '22.04'],
  ['kinetic', '22.10'],
  ['lunar', '23.04'],
  ['mantic', '23.10'],
  ['noble', '24.04'],
  ['oracular', '24.10'],
  ['plucky', '25.04'],
  ['questing', '25.10'],
] as const

const releases = new Map<string, CodenamedRelease>([
  ...debian.map(([codename, version]): [string, CodenamedRelease] => [codename, { id: 'debian', version }]),
  ...ubuntu.map(([codename, version]): [string, CodenamedRelease] => [codename, { id: 'ubuntu', version }]),
])

/**
 * The release of Debian or Ubuntu with a code name; undefined for unknown ones and for "sid", which never gets a
 * number.
 */
export function releaseOfCodename(codename: string): CodenamedRelease | undefined {
  return releases.get(codename.toLowerCase())
}

/** All known code names. */
export const codenames: readonly string[] = [...releases.keys()]
