import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import type { SampleEntry } from '../../../formats/layer/sample-image.ts'
import type { ImageConfig } from '../../../model/image.ts'
import { file, folder, link, program } from '../../../rules/image/example.ts'

/** An image as people make them, small: what is told of it as an error has to be one. */
export interface UsualShape {
  readonly title: string
  readonly layers: readonly (readonly SampleEntry[])[]
  readonly settings: NonNullable<ImageConfig['config']>
  /** Ids of the rules that it breaks as errors, and why each is right. */
  readonly errors: Readonly<Record<string, string>>
}

export const dynamic = buildElf({
  ...{ interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libc.so.6'] },
  ...{ pie: true, relro: 'partial', stackProtector: true },
})
/** As Go and musl link: no PT_GNU_RELRO, a fixed address. */
export const fixed = buildElf({ type: 2 })
export const nologin = '/usr/sbin/nologin'
export const base = ['etc', 'tmp', 'usr', 'usr/bin', 'usr/lib'].map((path) =>
  folder(path, path === 'tmp' ? { mode: 0o1777 } : {}),
)
export const osRelease = (id: string, version: string) =>
  file('etc/os-release', `ID=${id}\nVERSION_ID=${version}\nPRETTY_NAME="${id} ${version}"\n`)
export const passwd = (...lines: readonly string[]) => file('etc/passwd', `${lines.join('\n')}\n`)
export const shadow = (text: string) => file('etc/shadow', text, { mode: 0o640, gid: 42 })

export const root = 'it names no user, so that it runs as root'
export const shell = 'it has a shell'
export const manager = 'it has a package manager'
export const login = 'root may log in with a shell'
export const ownFiles = 'the user may change files that no volume and no home holds'

export const debian: readonly SampleEntry[] = [
  ...base,
  osRelease('debian', '13'),
  passwd(
    'root:x:0:0:root:/root:/bin/bash',
    `daemon:x:1:1:daemon:/usr/sbin:${nologin}`,
    'sync:x:4:65534:sync:/bin:/bin/sync',
    `www-data:x:33:33:www-data:/var/www:${nologin}`,
    `_apt:x:42:65534::/nonexistent:${nologin}`,
    `nobody:x:65534:65534:nobody:/nonexistent:${nologin}`,
  ),
  file('etc/group', 'root:x:0:\ndaemon:x:1:\nshadow:x:42:\nstaff:x:50:\nwww-data:x:33:\nnogroup:x:65534:\n'),
  shadow('root:*:20000:0:99999:7:::\nwww-data:*:20000:0:99999:7:::\n'),
  link('bin', 'usr/bin'),
  program('usr/bin/bash', dynamic),
  program('usr/bin/dash', dynamic),
  link('usr/bin/sh', 'dash'),
  program('usr/bin/apt-get', dynamic),
  file('usr/bin/su', dynamic, { mode: 0o4755 }),
  file('usr/bin/chage', dynamic, { mode: 0o2755, gid: 42 }),
  folder('var/local', { mode: 0o2775, gid: 50 }),
  file(
    'var/lib/dpkg/status',
    'Package: bash\nStatus: install ok installed\nVersion: 5.2.37-2\nArchitecture: amd64\n',
  ),
]
export const debianErrors = { shell, 'package-manager': manager, account: login, setuid: 'su is setuid' }
