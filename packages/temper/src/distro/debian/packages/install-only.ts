import type { InstallOnly } from '../../../model/package/install-only.ts'

/**
 * Which Debian packages serve only to install others, or are what a hardened image leaves out, when a
 * package merely depends on them. Found by reading the closures of common servers and language runtimes on
 * Debian 12 and 13 together with the maintainer scripts that use them. Packages that a recipe names are
 * not judged.
 */
export function debianInstallOnly(name: string, neededBy: string): InstallOnly | undefined {
  return (
    byName.get(name) ??
    families.find((family) => family.name.test(name))?.verdict ??
    edges.find((edge) => edge.name.test(name) && edge.neededBy.test(neededBy))?.verdict
  )
}

/** Groups of names with the reason that they share. */
const groups: readonly { readonly verdict: InstallOnly; readonly names: string }[] = [
  {
    verdict: { reason: 'asks questions of the administrator while installing' },
    names: 'debconf debconf-i18n cdebconf libdebconfclient0 dbconfig-common po-debconf',
  },
  {
    verdict: { reason: 'makes users and groups while installing' },
    names: 'adduser passwd base-passwd login login.defs libpasswd uidmap',
  },
  {
    verdict: { reason: 'serves maintainer scripts only' },
    names:
      'ucf debianutils sensible-utils init-system-helpers sysvinit-utils lsb-base usrmerge usr-is-merged ' +
      'update-inetd install-info gtk-update-icon-cache emacsen-common dictionaries-common desktop-file-utils x11-common java-common',
  },
  {
    verdict: { reason: 'starts services on a whole system' },
    names:
      'init systemd systemd-sysv systemd-dev systemd-standalone-sysusers systemd-standalone-tmpfiles ' +
      'systemd-timesyncd systemd-resolved libpam-systemd libnss-systemd opensysusers opentmpfiles udev eudev ' +
      'sysvinit-core sysv-rc insserv startpar initscripts openrc orphan-sysvinit-scripts runit runit-helper ' +
      'runit-init elogind libpam-elogind file-rc dmsetup dbus-user-session',
  },
  {
    verdict: { reason: 'runs jobs at set times on a whole system' },
    names: 'cron cron-daemon-common anacron bcron systemd-cron logrotate',
  },
  { verdict: { reason: 'builds locales while installing', relaxedBy: 'locales' }, names: 'locales' },
  { verdict: { reason: 'makes a self-signed certificate while installing' }, names: 'ssl-cert' },
  {
    verdict: { reason: 'is for people at a terminal', relaxedBy: 'documentation' },
    names: 'man-db groff-base manpages manpages-dev bash-completion',
  },
  {
    verdict: { reason: 'is a shell', relaxedBy: 'shell' },
    names:
      'bash bash-static dash busybox busybox-static toybox zsh zsh-common zsh-static ksh ksh93u+m mksh lksh ' +
      'fish fish-common tcsh csh posh yash sash rc es elvish xonsh ash',
  },
  {
    verdict: { reason: 'is the awk of shell scripts', relaxedBy: 'shell' },
    names: 'mawk gawk original-awk bwk',
  },
  {
    verdict: { reason: 'installs packages', relaxedBy: 'package-manager' },
    names:
      'dpkg apt apt-utils apt-transport-https aptitude aptitude-common dselect synaptic packagekit gdebi-core ' +
      'cdebootstrap debootstrap mmdebstrap equivs',
  },
  {
    verdict: { reason: 'builds programs', relaxedBy: 'compiler' },
    names:
      'binutils binutils-common binutils-x86-64-linux-gnu binutils-aarch64-linux-gnu build-essential dpkg-dev ' +
      'libc-dev-bin make cmake ninja-build meson autoconf automake libtool pkgconf pkgconf-bin pkg-config ' +
      'tcc rustc cargo golang golang-go ghc nasm yasm patchelf',
  },
]

const byName: ReadonlyMap<string, InstallOnly> = new Map(
  groups.flatMap(({ verdict, names }) => names.split(' ').map((name) => [name, verdict] as const)),
)

/** Names that differ by version or kind. */
const families: readonly { readonly name: RegExp; readonly verdict: InstallOnly }[] = [
  {
    name: /^(?:gcc|g\+\+|cpp|gfortran|gnat|gdc|gobjc|gobjc\+\+|gccgo)(?:-\d+)?(?:-(?:x86-64|aarch64)-linux-gnu)?$/,
    verdict: { reason: 'builds programs', relaxedBy: 'compiler' },
  },
  {
    name: /^(?:clang|clang-tools|llvm|lld)(?:-\d+)?$|^golang-\d[\d.]*-go$|^golang-\d[\d.]*$/,
    verdict: { reason: 'builds programs', relaxedBy: 'compiler' },
  },
  {
    name: /^(?:cdebconf|dbconfig)-/,
    verdict: { reason: 'asks questions of the administrator while installing' },
  },
  {
    name: /-(?:doc|docs|man|manpages)$/,
    verdict: { reason: 'is documentation', relaxedBy: 'documentation' },
  },
]

/** Dependencies of which only maintainer scripts, or administration on a whole system, make use. */
const edges: readonly { readonly neededBy: RegExp; readonly name: RegExp; readonly verdict: InstallOnly }[] =
  [
    {
      neededBy: /^ca-certificates$/,
      name: /^openssl$/,
      verdict: { reason: 'ca-certificates needs it to rebuild the CA bundle while installing' },
    },
    {
      neededBy: /^nginx$/,
      name: /^iproute2$/,
      verdict: { reason: 'nginx looks for a free port with it while installing' },
    },
    {
      neededBy: /^openjdk-\d+-jre-headless$/,
      name: /^util-linux$/,
      verdict: { reason: 'no program of the Java runtime uses it' },
    },
    {
      neededBy: /^postgresql-\d+$/,
      name: /^postgresql-common$/,
      verdict: { reason: 'manages PostgreSQL clusters of a whole system' },
    },
    {
      neededBy: /^postgresql-client-\d+$/,
      name: /^postgresql-client-common$/,
      verdict: { reason: 'chooses between installed versions of PostgreSQL' },
    },
    {
      neededBy: /^php(?:\d+\.\d+)?-fpm$/,
      name: /^procps$/,
      verdict: { reason: 'the init script of PHP uses it' },
    },
    {
      neededBy: /^php-common$/,
      name: /^psmisc$/,
      verdict: { reason: 'the clean-up job of PHP sessions uses it' },
    },
  ]
