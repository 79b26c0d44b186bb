import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildElf } from '../../../../formats/elf/fixtures/fixture-elf.ts'
import type { PackageEntry } from '../../../../model/package/package-content.ts'
import {
  library,
  makePackage,
  symlink,
  TestRoot,
  testOptions,
} from '../../../debian/effects/fixtures/packages.ts'
import { debianGlibc } from '../../../debian/loader.ts'
import { AccountBook } from '../accounts/account-book.ts'
import { Stage } from '../stage.ts'
import { ldSoConf } from './ld-so-conf.ts'

// The program of this machine is asked what it makes of the same tree. Its cache has to be ours, byte for byte.
const program = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find(existsSync)
const folders = [
  ...['usr/lib/x86_64-linux-gnu', 'usr/lib', 'opt/vendor/lib', 'usr/local/lib'],
  ...['usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3', 'usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v2'],
  ...['opt/vendor/lib/glibc-hwcaps/x86-64-v3', 'opt/vendor/lib/glibc-hwcaps/own'],
] as const

/** A library with a soname, one without, a link in its folder, or a file that is none. */
type Made = { readonly soname: string } | { readonly target: string } | 'nameless' | 'text'

const names = fc.constantFrom(
  ...['libx.so', 'libx.so.1', 'libx.so.1.9', 'libx.so.1.10', 'liby.so.2', 'liby-2.so', 'libxy.so.1'],
  ...['ld-x.so.2', 'plugin.so', 'libx.so.1-gdb.py', 'libx.soft', 'libz.a', 'lib.so'],
)
const made: fc.Arbitrary<Made> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ soname: fc.constantFrom('libx.so.1', 'liby.so.2', 'libxy.so.1', 'lib.so') }),
  },
  { weight: 3, arbitrary: fc.record({ target: names }) },
  { weight: 1, arbitrary: fc.constantFrom('nameless' as const, 'text' as const) },
)
const trees = fc.uniqueArray(fc.tuple(fc.constantFrom(...folders), names, made), {
  selector: ([folder, name]) => `${folder}/${name}`,
  maxLength: 20,
})

const configuration = {
  'etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf # the rest\n/opt/vendor/lib/\n',
  'etc/ld.so.conf.d/a.conf': '# none\n\n/usr/local/lib\n/lib/x86_64-linux-gnu\n',
  'etc/ld.so.conf.d/b.conf': '/opt/absent/lib\n/usr/lib/x86_64-linux-gnu\n',
}

/** Since glibc 2.33 a cache is as it is now. */
const writesAlike =
  program !== undefined &&
  Number(/ 2\.(\d+)$/m.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? 0) >= 33

it.skipIf(!writesAlike || process.arch !== 'x64')(
  'links and cache are those of ldconfig',
  () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const root = mkdtempSync(join(tmpdir(), 'temper-ldconfig-'))
        try {
          const files = fill(root, tree)
          execFileSync(program ?? '', ['-i', '-r', root], { stdio: 'pipe' })
          const cache = readFileSync(join(root, 'etc/ld.so.cache'))
          const stage = run(files, /ldconfig \(.*$/s.exec(cache.toString('latin1'))?.[0])
          const ours = stage.content('etc/ld.so.cache')
          if (ours !== undefined) expect(Buffer.from(ours)).toEqual(cache)
          for (const folder of folders)
            for (const name of stage.list(folder))
              expect([folder, name, leadsTo(stage, `${folder}/${name}`)]).toEqual([
                folder,
                name,
                linkOf(join(root, folder, name)),
              ])
        } finally {
          rmSync(root, { recursive: true })
        }
      }),
      { numRuns: 40 },
    )
  },
  120_000,
)

function fill(
  root: string,
  tree: readonly (readonly [folder: string, name: string, what: Made])[],
): Record<string, string | Partial<PackageEntry>> {
  const files: Record<string, string | Partial<PackageEntry>> = { ...configuration }
  // So that a cache is always asked for.
  files['usr/sbin/ldconfig'] = { mode: 0o755 }
  const always = folders.filter((folder) => !folder.includes('hwcaps'))
  for (const folder of [...always, 'etc/ld.so.conf.d']) mkdirSync(join(root, folder), { recursive: true })
  symlinkSync('usr/lib', join(root, 'lib'))
  files['lib'] = symlink('usr/lib')
  for (const [path, text] of Object.entries(configuration)) writeFileSync(join(root, path), text)
  for (const [folder, name, what] of tree) {
    const path = `${folder}/${name}`
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (typeof what === 'object' && 'target' in what) {
      symlinkSync(what.target, join(root, path))
      files[path] = symlink(what.target)
    } else if (what === 'text') {
      writeFileSync(join(root, path), 'INPUT(libx.so.1)\n')
      files[path] = { size: 18 }
    } else {
      const soname = what === 'nameless' ? {} : { soname: what.soname }
      writeFileSync(join(root, path), buildElf({ type: 3, machine: 62, ...soname }))
      const { elf, ...entry } = library('')
      if (elf === undefined) throw new Error('a library has facts')
      const { soname: _, ...facts } = elf
      files[path] = { ...entry, elf: { ...facts, ...soname } }
    }
  }
  return files
}

/** The tree after the effect. */
function run(files: Record<string, string | Partial<PackageEntry>>, generator: string | undefined): Stage {
  const packages = [makePackage({ name: 'x', files })]
  const contentOf = ({ path }: { readonly path: string }) => {
    const text = files[path]
    return typeof text === 'string' ? Buffer.from(text) : undefined
  }
  const stage = new Stage(new TestRoot(packages), contentOf)
  const accounts = new AccountBook({ users: [], groups: [] }, { ...testOptions, plan: new Map() })
  const context = { stage, packages, accounts, options: testOptions, note: () => undefined }
  ldSoConf({ ...debianGlibc, generator: () => generator })
    .start(context)
    .finish?.()
  return stage
}

function leadsTo(stage: Stage, path: string): string {
  const node = stage.get(path)
  return node?.type === 'symlink' ? (node.target ?? '') : 'a file'
}

function linkOf(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : 'a file'
}
