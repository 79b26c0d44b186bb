/**
 * Conda keeps each package that it downloaded, unpacked, in `pkgs/NAME-VERSION-BUILD` beside its environments, whether or not
 * one of them has it.
 */
export function isCondaCache(path: string): boolean {
  return path.includes('pkgs/') && /(?:^|\/)pkgs\/[^/]+-[^/-]+-[^/-]*\d+\//.test(path)
}
