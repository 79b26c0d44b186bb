/** Ubuntu's source packages of binaries that have another name, for what chisel has slices of. */
const sources: Readonly<Record<string, readonly string[]>> = {
  acl: ['libacl1'],
  attr: ['libattr1'],
  brotli: ['libbrotli1'],
  bzip2: ['libbz2-1.0'],
  curl: ['libcurl4', 'libcurl4t64', 'libcurl3-gnutls', 'libcurl3t64-gnutls'],
  'cyrus-sasl2': ['libsasl2-2', 'libsasl2-modules-db'],
  db5: ['libdb5.3', 'libdb5.3t64'],
  e2fsprogs: ['libcom-err2', 'libext2fs2', 'libext2fs2t64', 'libss2', 'logsave'],
  expat: ['libexpat1'],
  fontconfig: ['libfontconfig1', 'fontconfig-config'],
  freetype: ['libfreetype6'],
  glibc: ['libc6', 'libc-bin', 'libc-dev-bin', 'libc6-dev', 'locales'],
  gmp: ['libgmp10'],
  gnutls28: ['libgnutls30', 'libgnutls30t64'],
  harfbuzz: ['libharfbuzz0b'],
  icu: ['libicu70', 'libicu74', 'libicu76'],
  keyutils: ['libkeyutils1'],
  krb5: ['libgssapi-krb5-2', 'libk5crypto3', 'libkrb5-3', 'libkrb5support0'],
  lcms2: ['liblcms2-2'],
  libcap2: ['libcap2-bin'],
  libffi: ['libffi7', 'libffi8'],
  libgcrypt20: ['libgcrypt20'],
  libidn2: ['libidn2-0'],
  'libjpeg-turbo': ['libjpeg-turbo8'],
  libpng1: ['libpng16-16', 'libpng16-16t64'],
  libpsl: ['libpsl5', 'libpsl5t64'],
  libselinux: ['libselinux1'],
  libssh: ['libssh-4', 'libssh-gcrypt-4'],
  libtasn1: ['libtasn1-6'],
  libunistring: ['libunistring2', 'libunistring5'],
  libxcrypt: ['libcrypt1'],
  libxml2: ['libxml2'],
  libyaml: ['libyaml-0-2'],
  libzstd: ['libzstd1', 'zstd'],
  lz4: ['liblz4-1'],
  ncurses: ['libncurses6', 'libncursesw6', 'libtinfo6', 'ncurses-base', 'ncurses-bin'],
  nettle: ['libhogweed6', 'libhogweed6t64', 'libnettle8', 'libnettle8t64'],
  nghttp2: ['libnghttp2-14'],
  openldap: ['libldap-2.5-0', 'libldap2', 'libldap-common'],
  openssl: ['libssl1.1', 'libssl3', 'libssl3t64', 'libcrypto3'],
  'p11-kit': ['libp11-kit0'],
  pam: ['libpam0g', 'libpam-modules', 'libpam-runtime'],
  pcre2: ['libpcre2-8-0'],
  pcre3: ['libpcre3'],
  readline: ['libreadline8', 'libreadline8t64', 'readline-common'],
  rtmpdump: ['librtmp1'],
  shadow: ['login', 'passwd'],
  sqlite3: ['libsqlite3-0'],
  systemd: ['libsystemd0', 'libudev1'],
  'util-linux': ['libblkid1', 'libmount1', 'libsmartcols1', 'libuuid1', 'mount'],
  'xz-utils': ['liblzma5'],
  zlib: ['zlib1g'],
}

const byBinary = new Map(
  Object.entries(sources).flatMap(([source, binaries]) =>
    binaries.map((name): [string, string] => [name, source]),
  ),
)

/** Families whose binaries begin with the name of their source. */
const families =
  /^lib(python\d+\.\d+)|^(python\d+\.\d+|openjdk-\d+|ruby\d+\.\d+|dotnet\d+|perl|nodejs|aspnetcore)(?=$|-)/

/** What gcc's own libraries are built from is told by their version: "14.2.0-4ubuntu2~24.04". */
const gccLibraries = /^(?:libgcc-s1|libstdc\+\+6|libgomp1|libatomic1|libquadmath0|libgfortran5|gcc-\d+-base)$/

/**
 * The source package of an Ubuntu binary package, which Ubuntu's records name and Chisel does not record. Undefined
 * when both have the same name, as most do, or when it is not known.
 */
export function ubuntuSource(name: string, version: string): string | undefined {
  const known = byBinary.get(name)
  if (known !== undefined) return known === name ? undefined : known
  if (gccLibraries.test(name)) return `gcc-${/^\d+/.exec(version)?.[0] ?? ''}`
  const [, python, family] = families.exec(name) ?? []
  const source = python ?? family
  return source === name ? undefined : source
}
