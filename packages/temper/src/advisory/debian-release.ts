const versions: ReadonlyMap<string, string> = new Map([
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
])

/** The version of a release of Debian by its code name; others keep theirs ("sid"), which never get a number. */
export function debianRelease(codename: string): string {
  return versions.get(codename) ?? codename
}
