/**
 * What the short names of machine-readable copyright files (copyright-format 1.0, "Short name") mean on SPDX's
 * licence list. Both sides change slowly; a name that is missing here is kept as it is, with its text.
 */

/** Licences whose short name in Debian is, but for the case, SPDX's own. */
const sameName = `
0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-1.0-only AGPL-1.0-or-later AGPL-3.0-only AGPL-3.0-or-later
Apache-1.0 Apache-1.1 Apache-2.0 APSL-2.0 Artistic-1.0 Artistic-1.0-cl8 Artistic-1.0-Perl Artistic-2.0 Beerware
Bitstream-Vera BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause
BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSD-4-Clause-UC BSD-Source-Code BSL-1.0
bzip2-1.0.6 Caldera CC-BY-3.0 CC-BY-4.0 CC-BY-SA-2.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CDDL-1.1 CECILL-2.0
CECILL-2.1 CECILL-B CECILL-C CNRI-Python CPL-1.0 curl DOC ECL-2.0 EFL-1.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2
FSFAP FSFUL FSFULLR FSFULLRWD FTL GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only
GFDL-1.3-or-later GPL-1.0-only GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later HPND
HPND-sell-variant IBM-pibs ICU IJG ImageMagick Info-ZIP IPA ISC JasPer-2.0 JSON Latex2e LGPL-2.0-only LGPL-2.0-or-later
LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later Libpng libpng-2.0 libtiff Linux-man-pages-copyleft
LPPL-1.0 LPPL-1.1 LPPL-1.2 LPPL-1.3a LPPL-1.3c MIT MIT-0 MIT-CMU MIT-Modern-Variant MPL-1.0 MPL-1.1 MPL-2.0 MS-PL
MulanPSL-2.0 NCSA NTP NTP-0 OFL-1.0 OFL-1.1 OGC-1.0 OLDAP-2.8 OpenSSL PHP-3.0 PHP-3.01 PostgreSQL PSF-2.0 Python-2.0
QPL-1.0 RSA-MD Ruby SAX-PD Sendmail SGI-B-1.0 SGI-B-1.1 SGI-B-2.0 SISSL Sleepycat SMLNJ Spencer-86 Spencer-94
Spencer-99 SSH-OpenSSH SSH-short SunPro SWL TCL TCP-wrappers TU-Berlin-1.0 TU-Berlin-2.0 Unicode-3.0
Unicode-DFS-2015 Unicode-DFS-2016 Unicode-TOU Unlicense UPL-1.0 Vim W3C W3C-20150513 WTFPL X11 Xnet XFree86-1.1 Zlib
zlib-acknowledgement ZPL-2.0 ZPL-2.1
`

/** Other spellings, lower case. The first ones are those that the format itself defines. */
const otherName: Readonly<Record<string, string>> = {
  expat: 'MIT',
  artistic: 'Artistic-1.0',
  'artistic-1': 'Artistic-1.0',
  'artistic-2': 'Artistic-2.0',
  cc0: 'CC0-1.0',
  'python-cnri': 'CNRI-Python',
  'mit/x11': 'MIT',
  'apache-2': 'Apache-2.0',
  'bsd-2': 'BSD-2-Clause',
  'bsd-2-clause-netbsd': 'BSD-2-Clause',
  'bsd-3': 'BSD-3-Clause',
  'bsd-4': 'BSD-4-Clause',
  'boost-1.0': 'BSL-1.0',
  'cecill-2': 'CECILL-2.0',
  'epl-1': 'EPL-1.0',
  'epl-2': 'EPL-2.0',
  'eupl-1': 'EUPL-1.0',
  'mpl-2': 'MPL-2.0',
  'openldap-2.8': 'OLDAP-2.8',
  'psf-2': 'PSF-2.0',
  'sgi-2': 'SGI-B-2.0',
}

/** Exceptions by the words after "with" (without "exception"), lower case. */
const exceptions: Readonly<Record<string, string>> = {
  'autoconf-2.0': 'Autoconf-exception-2.0',
  'autoconf-3.0': 'Autoconf-exception-3.0',
  bison: 'Bison-exception-2.2',
  'bison-2.2': 'Bison-exception-2.2',
  bootloader: 'Bootloader-exception',
  classpath: 'Classpath-exception-2.0',
  'classpath-2.0': 'Classpath-exception-2.0',
  font: 'Font-exception-2.0',
  'gcc-runtime-library': 'GCC-exception-3.1',
  'gcc-3.1': 'GCC-exception-3.1',
  libtool: 'Libtool-exception',
  'linux-syscall-note': 'Linux-syscall-note',
  llvm: 'LLVM-exception',
  'qt-lgpl-1.1': 'Qt-LGPL-exception-1.1',
  texinfo: 'Texinfo-exception',
}

const known = new Map<string, string>([
  ...sameName
    .trim()
    .split(/\s+/)
    .map((id): [string, string] => [id.toLowerCase(), id]),
  ...Object.entries(otherName),
])

/** Families of the FSF, with the versions that exist: "GPL-2+", "LGPL-2.1-or-later", "GFDL-NIV-1.3". */
const families: Readonly<Record<string, readonly string[]>> = {
  GPL: ['1.0', '2.0', '3.0'],
  LGPL: ['2.0', '2.1', '3.0'],
  AGPL: ['1.0', '3.0'],
  GFDL: ['1.1', '1.2', '1.3'],
}
const familyName = /^(GPL|LGPL|AGPL|GFDL)(-NIV)?-v?(\d)(?:\.(\d))?(?:\.0)?(\+|-only|-or-later)?$/i

/** SPDX's identifier of a licence by its short name; undefined when SPDX's list has none that is certainly meant. */
export function licenceId(name: string): string | undefined {
  return familyId(name) ?? known.get(name.toLowerCase())
}

function familyId(name: string): string | undefined {
  const [whole, family = '', invariants, major = '', minor = '0', suffix] = familyName.exec(name) ?? []
  if (whole === undefined) return undefined
  const version = `${major}.${minor}`
  const upper = family.toUpperCase()
  if (!families[upper]?.includes(version)) return undefined
  if (invariants !== undefined && upper !== 'GFDL') return undefined
  const later = suffix === '+' || suffix?.toLowerCase() === '-or-later'
  return `${upper}-${version}${invariants ? '-no-invariants' : ''}-${later ? 'or-later' : 'only'}`
}

/**
 * SPDX's identifier of an exception by the words after "with", for a licence that is known already: some
 * exceptions are worded anew for each version of the licence.
 */
export function exceptionId(words: string, licence: string): string | undefined {
  const name = words
    .toLowerCase()
    .replace(/[\s-]*exception$/, '')
    .replaceAll(' ', '-')
    .replace(/-exception-/, '-')
  if (name === 'autoconf') return exceptions[licence.startsWith('GPL-3') ? 'autoconf-3.0' : 'autoconf-2.0']
  return Object.hasOwn(exceptions, name) ? exceptions[name] : undefined
}
