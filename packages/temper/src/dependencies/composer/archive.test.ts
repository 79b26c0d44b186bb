import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeTarHeader, tarEnd } from '../../formats/tar/write.ts'
import { buildZip } from '../../formats/zip/fixtures/sample.ts'
import { unpackArchive } from './archive.ts'

const zip = (...names: readonly string[]) =>
  buildZip({ entries: names.map((name) => ({ name, content: name })) })
const place = { folder: '/app/vendor/a/b', what: 'the package a/b 1' }
const unpacked = async (bytes: Uint8Array) =>
  (await unpackArchive(bytes, place)).map(({ path, target }) =>
    target === undefined ? path : `${path} -> ${target}`,
  )

function tar(path: string, target: string): Buffer {
  const about = { mode: 0o777, uid: 0, gid: 0, mtime: 0, size: 0 }
  return gzipSync(Buffer.concat([encodeTarHeader({ ...about, type: 'symlink', path, target }), tarEnd]))
}

describe('archives of packages', () => {
  it('lose the one folder that everything is in', async () => {
    expect(await unpacked(zip('top/src/A.php', 'top/LICENSE', 'top/'))).toEqual([
      '/app/vendor/a/b/src/A.php',
      '/app/vendor/a/b/LICENSE',
    ])
    expect(await unpacked(zip('src/A.php', 'LICENSE'))).toEqual([
      '/app/vendor/a/b/src/A.php',
      '/app/vendor/a/b/LICENSE',
    ])
    expect(await unpacked(zip('one.php'))).toEqual(['/app/vendor/a/b/one.php'])
  })

  it('keep links within the package', async () => {
    expect(await unpacked(tar('top/bin/a', '../src/a'))).toEqual(['/app/vendor/a/b/bin/a -> ../src/a'])
  })

  it.each([
    ['a link out of it', tar('top/bin/a', '../../a'), 'leads out of the package'],
    ['a link to the root', tar('top/a', '/etc/passwd'), 'leads out of the package'],
    ['names outside', zip('top/a', '../b'), 'points outside the package'],
    ['names with control characters', zip('top/a\nb'), 'a file with an odd name'],
    ['names with empty parts', zip('top//b'), 'a file with an odd name'],
    ['something else', Buffer.from('nothing'), 'the package a/b 1'],
  ])('with %s are refused', async (_, bytes, message) => {
    await expect(unpackArchive(bytes, place)).rejects.toThrow(message)
  })
})
