import { releaseOfCodename } from '../model/codename.ts'

/** The version of a Debian release by its code name; names that never get a number ("sid") are returned as they are. */
export function debianRelease(codename: string): string {
  const release = releaseOfCodename(codename)
  return release?.id === 'debian' ? release.version : codename
}
