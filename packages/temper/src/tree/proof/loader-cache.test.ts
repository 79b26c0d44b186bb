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
  const found = [...parseLoaderCache(readFileSync('/etc/ld.so.cache'))].flatMap(([name, paths]) =>
    paths.map((path) => `${name} ${path}`),
  )
  expect(found.sort()).toEqual(expected.sort())
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
