import type { InstallOnly } from '../../../model/package/install-only.ts'

/** Which packages serve only to install others, or are what a hardened image leaves out when others merely need it. */
export function wolfiInstallOnly(name: string): InstallOnly | undefined {
  return byName.get(name) ?? families.find(({ pattern }) => pattern.test(name))?.verdict
}

const shell: InstallOnly = { reason: 'is a shell', relaxedBy: 'shell' }
const manager: InstallOnly = { reason: 'installs packages', relaxedBy: 'package-manager' }
const documentation: InstallOnly = { reason: 'is documentation', relaxedBy: 'documentation' }
const compiler: InstallOnly = { reason: 'builds programs', relaxedBy: 'compiler' }
const service: InstallOnly = { reason: 'starts services on a whole system' }

const groups: readonly (readonly [InstallOnly, string])[] = [
  [
    shell,
    'busybox busybox-full bash bash-binsh dash dash-binsh mksh zsh fish tcsh toybox bash-completion gawk mawk',
  ],
  [manager, 'apk-tools wolfi-keys wolfi-base'],
  [service, 'openrc s6 runit systemd systemd-init'],
  [
    compiler,
    'build-base gcc binutils make cmake samurai ninja-build autoconf automake libtool pkgconf patch go rust glibc-dev linux-headers',
  ],
  [{ reason: 'makes users and groups while installing' }, 'shadow'],
]

const byName: ReadonlyMap<string, InstallOnly> = new Map(
  groups.flatMap(([verdict, names]) => names.split(' ').map((name) => [name, verdict] as const)),
)

const families: readonly { readonly pattern: RegExp; readonly verdict: InstallOnly }[] = [
  { pattern: /-doc$/, verdict: documentation },
  { pattern: /-(?:bash|zsh|fish)-completion$/, verdict: shell },
  // Which of them is the current one changes from day to day.
  { pattern: /^(?:gcc|go|rust)-\d[\d.]*$/, verdict: compiler },
]
