import { buildElf } from '../../formats/elf/fixture-elf.ts'
import type { SampleEntry } from '../../formats/layer/sample-image.ts'

/** A small image as Debian's tools make them, for tests: the files, and what dpkg says of them. */

const own = { uid: 0, gid: 0 } as const

export function file(path: string, content: string | Uint8Array = path, mode = 0o644): SampleEntry {
  return { path, type: 'file', content, mode, ...own }
}

export function link(path: string, target: string): SampleEntry {
  return { path, type: 'symlink', target, mode: 0o777, ...own }
}

export function program(path: string, needed: readonly string[] = [], text = ''): SampleEntry {
  const elf = buildElf({ type: 3, pie: true, interpreter: '/lib64/ld-linux-x86-64.so.2', needed })
  return file(path, Buffer.concat([elf, Buffer.from(text)]), 0o755)
}

export interface SamplePackage {
  readonly name: string
  readonly version?: string
  readonly fields?: string
  readonly files: readonly SampleEntry[]
}

/** A package's files, with its stanza and its list. */
function installed({ name, version = '1.0-1', fields = '', files }: SamplePackage) {
  const stanza = `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n${fields}`
  return {
    stanza,
    entries: [
      ...files,
      file(`var/lib/dpkg/info/${name}.list`, files.map(({ path }) => `/${path}\n`).join('')),
      file(
        `var/lib/dpkg/info/${name}.md5sums`,
        files.map(({ path }) => `${'0'.repeat(32)}  ${path}\n`).join(''),
      ),
      file(`var/lib/dpkg/info/${name}.postinst`, '#!/bin/sh\nexit 0\n', 0o755),
    ],
  }
}

export const loaderPath = 'lib64/ld-linux-x86-64.so.2'

/** The files of an image of these packages, with a loader, accounts and the name of the distribution. */
export function sampleRoot(
  packages: readonly SamplePackage[],
  release = 'ID=debian\nVERSION_ID="12"\n',
): SampleEntry[] {
  const base: SamplePackage = {
    name: 'libc6',
    files: [file(loaderPath, buildElf({ type: 3, soname: 'ld-linux-x86-64.so.2' }), 0o755)],
  }
  const all = [base, ...packages].map(installed)
  return [
    file('etc/os-release', release),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/bash\ngames:x:5:60::/usr/games:/usr/sbin/nologin\n'),
    file('etc/shadow', 'root:*:19000:0:99999:7:::\ngames:secret:19000:0:99999:7:::\n', 0o640),
    file('etc/group', 'root:x:0:\n'),
    ...all.flatMap(({ entries }) => entries),
    file('var/lib/dpkg/status', `${all.map(({ stanza }) => stanza).join('\n')}\n`),
  ]
}

/** A shell, a package manager, and what comes with them. */
export const usualPackages: readonly SamplePackage[] = [
  {
    name: 'dash',
    files: [program('usr/bin/dash'), link('bin/sh', '/usr/bin/dash'), file('usr/share/doc/dash/copyright')],
  },
  {
    name: 'dpkg',
    fields: 'Conffiles:\n /etc/dpkg/dpkg.cfg f4413ffb515f8f753624ae3bb365b81b\n',
    files: [program('usr/bin/dpkg'), file('etc/dpkg/dpkg.cfg'), file('usr/share/doc/dpkg/copyright')],
  },
  {
    name: 'tools',
    files: [
      program('usr/bin/tool'),
      program('usr/bin/su'),
      file('usr/bin/wrapper', '#!/bin/sh\nexec tool\n', 0o755),
      link('usr/bin/alias', 'wrapper'),
      file('usr/share/doc/tools/README'),
      file('usr/share/doc/tools/copyright'),
    ].map((entry) => (entry.path === 'usr/bin/su' ? { ...entry, mode: 0o4755 } : entry)),
  },
]
