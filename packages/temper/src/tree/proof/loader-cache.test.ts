import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseLoaderCache } from './loader-cache.ts'

const canPrint = existsSync('/etc/ld.so.cache') && spawnSync('/sbin/ldconfig', ['-p']).status === 0

it.runIf(canPrint)('agrees with ldconfig on the cache of the host', () => {
  const text = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8', env: { LC_ALL: 'C' } })
  const expected = [...text.matchAll(/^\t(\S+) \(.*\) => (\S+)$/gm)].map(
    ([, name, path]) => `${name} ${path}`,
  )
  const entries = [...parseLoaderCache(readFileSync('/etc/ld.so.cache'))].flatMap(([name, paths]) =>
    paths.map((path) => `${name} ${path}`),
  )
  expect(entries.sort()).toEqual(expected.sort())
})

it('takes any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(0xffffffff), (bytes, count) => {
      const head = Buffer.from('glibc-ld.so.cache1.1\0\0\0\0')
      head.writeUInt32LE(count, 20)
      for (const paths of parseLoaderCache(Buffer.concat([head, bytes])).values())
        expect(paths.length).toBeGreaterThan(0)
    }),
  )
  expect(parseLoaderCache(Buffer.from('ld.so-1.7.0')).size).toBe(0)
})

/** A cache as ldconfig writes it; `before` stands in front, as the older format does. */
function cacheOf(
  libraries: readonly (readonly [name: string, path: string])[],
  options: { readonly before?: Buffer; readonly count?: number } = {},
): Buffer {
  const header = Buffer.alloc(48)
  header.write('glibc-ld.so.cache1.1')
  header.writeUInt32LE(options.count ?? libraries.length, 20)
  const table = Buffer.alloc(libraries.length * 24)
  const strings: Buffer[] = []
  let at = header.length + table.length
  const place = (text: string) => {
    const where = at
    strings.push(Buffer.from(`${text}\0`))
    at += Buffer.byteLength(text) + 1
    return where
  }
  for (const [index, [name, path]] of libraries.entries()) {
    table.writeUInt32LE(place(name), index * 24 + 4)
    table.writeUInt32LE(place(path), index * 24 + 8)
  }
  return Buffer.concat([options.before ?? Buffer.alloc(0), header, table, ...strings])
}

const z = ['libz.so.1', '/lib/libz.so.1'] as const

it('keeps all paths of a name, in order', () => {
  const cache = parseLoaderCache(cacheOf([z, ['liba.so', '/a'], ['libz.so.1', '/opt/libz.so.1']]))
  expect([...cache]).toEqual([
    ['libz.so.1', ['/lib/libz.so.1', '/opt/libz.so.1']],
    ['liba.so', ['/a']],
  ])
})

it('finds the newer format behind the older one', () => {
  const before = Buffer.from('ld.so-1.7.0\0\0\0\0\0')
  expect(parseLoaderCache(cacheOf([z], { before })).get('libz.so.1')).toEqual(['/lib/libz.so.1'])
})

it('reads no more entries than there are, nor than are counted', () => {
  expect(parseLoaderCache(cacheOf([z], { count: 0xffffffff })).get('libz.so.1')?.[0]).toBe('/lib/libz.so.1')
  expect(parseLoaderCache(cacheOf([z, ['liba.so', '/a']], { count: 1 })).size).toBe(1)
})

it('reads an entry that ends the file, its strings in front of it', () => {
  const cache = Buffer.alloc(48 + 24)
  cache.write('glibc-ld.so.cache1.1')
  cache.writeUInt32LE(1, 20)
  cache.write('liba.so\0/a\0', 28)
  cache.writeUInt32LE(28, 48 + 4)
  cache.writeUInt32LE(36, 48 + 8)
  expect(parseLoaderCache(cache).get('liba.so')).toEqual(['/a'])
})

it.each([
  ['nothing but zeros', (cache: Buffer) => cache.fill(0)],
  ['cut off in its count', (cache: Buffer) => cache.subarray(0, 22)],
  ['cut off in its header', (cache: Buffer) => cache.subarray(0, 47)],
  ['cut off behind its header', (cache: Buffer) => cache.subarray(0, 48)],
  ['cut off in its entry', (cache: Buffer) => cache.subarray(0, 48 + 23)],
  ['without the end of its last string', (cache: Buffer) => cache.subarray(0, -1)],
  [
    'with a name outside',
    (cache: Buffer) => {
      cache.writeUInt32LE(cache.length, 48 + 4)
      return cache
    },
  ],
])('leaves out what is %s', (_, damage) => {
  expect(parseLoaderCache(damage(cacheOf([z]))).size).toBe(0)
})

it.each([
  [4096, 1],
  [4097, 0],
])('of a path of %d letters reads %d', (length, count) => {
  expect(parseLoaderCache(cacheOf([['liba.so', '/'.padEnd(length, 'a')]])).size).toBe(count)
})
