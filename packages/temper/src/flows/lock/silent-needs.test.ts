import { expect, it } from 'vitest'
import type { PackageRequest } from '../../model/package/package.ts'
import { Rootfs } from '../../model/tree/rootfs.ts'
import { silentlyMissing } from './silent-needs.ts'

const finder = 'usr/lib/python3.13/ctypes/util.py'

/** What is told of a tree of these files (a link is "path -> target"), when the archive has such packages. */
function missing(
  paths: readonly string[],
  {
    known = ['libc-bin'],
    packages = [],
    without,
  }: {
    readonly known?: readonly string[]
    readonly packages?: readonly PackageRequest[]
    readonly without?: readonly string[]
  } = {},
): readonly string[] {
  const root = new Rootfs()
  for (const each of paths) {
    const [path = '', target] = each.split(' -> ')
    const about = {
      path,
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
      origin: { kind: 'recipe' },
    } as const
    root.put(target === undefined ? { ...about, type: 'file' } : { ...about, type: 'symlink', target })
  }
  const contents = {
    packages,
    repositories: [],
    keyring: [],
    files: [],
    ...(without === undefined ? {} : { without }),
  }
  return silentlyMissing(root, { contents }, (name) => known.includes(name))
}

it('tells which package brings ldconfig, by its name in the distribution', () => {
  const told = (name: string) =>
    `ctypes.util.find_library of Python finds no library: it asks /usr/sbin/ldconfig, which is not in the image. Add ${name} to contents.packages, or "!${name}" if nothing needs it`
  expect(missing([finder])).toEqual([told('libc-bin')])
  expect(missing([finder], { known: ['ldconfig'] })).toEqual([told('ldconfig')])
  expect(missing([finder], { known: [] })).toEqual([])
})

it.each([
  ['the finder of a Python without a version', 'usr/lib/python3/ctypes/util.py'],
  ['what only ends like the folder of a Python', 'usr/lib/my-python3.13/ctypes/util.py'],
  ['what only begins like the folder of a Python', 'usr/lib/python3.13-old/ctypes/util.py'],
  ['a Python without the finder', 'usr/lib/python3.13/os.py'],
  ['such a module beside Python', 'usr/lib/ctypes/util.py'],
])('says nothing of %s', (_, path) => {
  expect(missing([path])).toEqual([])
})

it('finds the program through links of folders', () => {
  expect(missing([finder, 'usr/sbin/ldconfig'])).toEqual([])
  expect(missing([finder, 'usr/bin/ldconfig', 'usr/sbin -> bin'])).toEqual([])
  expect(missing([finder, 'usr/bin/ldconfig'])).toHaveLength(1)
})

it('says nothing of a package that the recipe keeps out, by either of its lists', () => {
  expect(missing([finder], { packages: [{ name: 'libc-bin', excluded: true }] })).toEqual([])
  expect(missing([finder], { packages: [{ name: 'libc-bin', excluded: false }] })).toHaveLength(1)
  expect(missing([finder], { without: ['libc-bin'] })).toEqual([])
  expect(missing([finder], { without: ['other'] })).toHaveLength(1)
})
