import type { InstallOnly } from '../../../model/package/install-only.ts'

/** Which packages serve only to install others, or are what a hardened image leaves out when others merely need it. */
export function alpineInstallOnly(name: string, neededBy: string): InstallOnly | undefined {
  // Parts of one service manager need each other's libraries.
  if (name === 'openrc' && neededBy.startsWith('openrc-')) return undefined
  return byName.get(name) ?? families.find(({ pattern }) => pattern.test(name))?.verdict
}

const shell: InstallOnly = { reason: 'is a shell', relaxedBy: 'shell' }
const manager: InstallOnly = { reason: 'installs packages', relaxedBy: 'package-manager' }
const service: InstallOnly = { reason: 'starts services on a whole system' }
const kernel: InstallOnly = { reason: 'serves a kernel, which a container does not have' }
const documentation: InstallOnly = { reason: 'is documentation', relaxedBy: 'documentation' }
const compiler: InstallOnly = { reason: 'builds programs', relaxedBy: 'compiler' }

const groups: readonly (readonly [InstallOnly, string])[] = [
  [
    shell,
    'busybox busybox-binsh busybox-extras busybox-static busybox-suid ssl_client bash dash dash-binsh loksh mksh oksh ' +
      'zsh fish tcsh yash toybox bash-completion gawk mawk',
  ],
  [manager, 'apk-tools apk-tools-static apk-tools-dbg alpine-keys alpine-conf alpine-base'],
  [
    service,
    'openrc openrc-user openrc-init openrc-settingsd s6 runit eudev mdev-conf elogind ifupdown-ng bridge',
  ],
  [kernel, 'kmod mkinitfs linux-virt linux-lts initramfs-generator'],
  [
    compiler,
    'build-base gcc g++ make binutils musl-dev libc-dev cmake samurai autoconf automake libtool pkgconf patch go rust cargo',
  ],
  [{ reason: 'makes users and groups while installing' }, 'shadow'],
  [{ reason: 'runs jobs at set times on a whole system' }, 'logrotate dcron cronie'],
]

const byName: ReadonlyMap<string, InstallOnly> = new Map(
  groups.flatMap(([verdict, names]) => names.split(' ').map((name) => [name, verdict] as const)),
)

const families: readonly { readonly pattern: RegExp; readonly verdict: InstallOnly }[] = [
  { pattern: /-openrc$/, verdict: service },
  { pattern: /-doc$/, verdict: documentation },
  { pattern: /-(?:bash|zsh|fish)-completion$/, verdict: shell },
]
