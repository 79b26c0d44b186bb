import { releaseOfCodename } from '../model/codename.ts'

/** The version of a release of Debian by its code name; others keep theirs ("sid"), which never get a number. */
export function debianRelease(codename: string): string {
  const release = releaseOfCodename(codename)
  return release?.id === 'debian' ? release.version : codename
}
