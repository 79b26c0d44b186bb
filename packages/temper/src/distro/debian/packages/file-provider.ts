/**
 * What Debian appends to a library package's name when the ABI changed under the same soname: letters ("gf", "ldbl"),
 * and "t64", "c2" and "v5" with their digits.
 */
const abiSuffix = /^(?:[abd-suw-z]|t(?:64)?|c2?|v\d*)+$/

/** Modules of libpam-modules. */
const own = new Set(
  (
    'access debug deny echo env exec faildelay faillock filter ftp group issue keyinit lastlog limits listfile localuser ' +
    'loginuid mail mkhomedir motd namespace nologin permit pwhistory rhosts rootok securetty selinux sepermit setquota ' +
    'shells stress succeed_if time timestamp tty_audit umask unix userdb usertype warn wheel xauth'
  ).split(' '),
)

/**
 * Which of the packages has a shared library, by the rule for package names (Debian policy 8.1: soname
 * "libz.so.1" is in "libz1", "libpcre2-8.so.0" in "libpcre2-8-0", maybe with a suffix such as "t64").
 * For messages only: nothing depends on it.
 */
export function fileProvider(packages: readonly string[]): (fileName: string) => string | undefined {
  const names = [...packages].sort()
  const known = new Set(names)
  return (fileName) => {
    const [, module] = /^pam_(\w+)\.so$/.exec(fileName) ?? []
    // Modules of PAM that no package is named for come with PAM itself, which every Debian has: no package says that it
    // depends on that.
    if (module !== undefined) {
      const named = `libpam-${module.replaceAll('_', '-')}`
      return known.has(named)
        ? named
        : known.has('libpam-modules') || own.has(module)
          ? 'libpam-modules'
          : undefined
    }
    const [, base, version = ''] = /^(lib.+?)\.so(?:\.([\w.]+))?$/.exec(fileName.toLowerCase()) ?? []
    if (base === undefined) return known.has(fileName) ? fileName : undefined
    const plain = base.replaceAll('_', '-')
    const expected = /\d$/.test(plain) && version !== '' ? `${plain}-${version}` : `${plain}${version}`
    if (known.has(expected)) return expected
    return names.find((name) => name.startsWith(expected) && abiSuffix.test(name.slice(expected.length)))
  }
}
