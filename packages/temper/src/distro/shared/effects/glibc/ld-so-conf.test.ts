import { describe, expect, it } from 'vitest'
import { apply, library } from '../../../debian/effects/fixtures/packages.ts'
import { compareLibraryNames, writeLoaderCache } from './loader-cache.ts'

const standard = 'usr/lib/x86_64-linux-gnu'
const configuration = {
  'etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
  'etc/ld.so.conf.d/private.conf': '# private\n/usr/lib/x86_64-linux-gnu/private\n',
}

describe('ld-so-conf', () => {
  it('links by soname to the newest file and needs no cache for standard folders', () => {
    const files = {
      [`${standard}/libx.so.1.9`]: library('libx.so.1'),
      [`${standard}/libx.so.1.10`]: library('libx.so.1'),
      [`${standard}/liby.so.2`]: library('liby.so.2'),
      [`${standard}/liby.so`]: { type: 'symlink', target: 'liby.so.2' } as const,
      [`${standard}/plugin.so`]: library('libplugin.so.1'),
    }
    const { at, reports } = apply([{ name: 'x', files, postinst: 'ldconfig' }])
    expect(at(`${standard}/libx.so.1`)).toBe('→ libx.so.1.10')
    expect(at(`${standard}/libplugin.so.1`)).toBeUndefined()
    expect(at('etc/ld.so.cache')).toBeUndefined()
    expect(reports).toEqual([])
  })

  it('leads a link by soname to the newest file, whatever it led to, and leaves files alone', () => {
    const files = {
      [`${standard}/libx.so.1.9`]: library('libx.so.1'),
      [`${standard}/libx.so.1.10`]: library('libx.so.1'),
      [`${standard}/libx.so.1`]: { type: 'symlink', target: 'libx.so.1.9' } as const,
      [`${standard}/liby.so.1.9`]: library('liby.so.1'),
      [`${standard}/liby.so.1`]: library('liby.so.1'),
    }
    const { at } = apply([{ name: 'x', files }])
    expect(at(`${standard}/libx.so.1`)).toBe('→ libx.so.1.10')
    expect(at(`${standard}/liby.so.1`)).toBeUndefined()
  })

  it('writes a cache when there is a program that reads it', () => {
    const files = { 'usr/sbin/ldconfig': { mode: 0o755 }, [`${standard}/liba.so.1`]: library('liba.so.1') }
    const outcome = apply([{ name: 'libc-bin', files }])
    expect(outcome.at('etc/ld.so.cache')).toContain('ldconfig (Debian GLIBC 1.0) stable release version 1.0')
    expect(outcome.notes('ld-so-conf')).toEqual(['/etc/ld.so.cache: 1 libraries'])
  })

  it('reads the folder of configuration without the file that includes it', () => {
    const files = {
      'etc/ld.so.conf.d/vendor.conf': '/opt/vendor/lib/\n',
      'opt/vendor/lib/libz.so.1.2': library('libz.so.1'),
    }
    const { at } = apply([{ name: 'x', files }])
    expect(at('etc/ld.so.cache')).toContain('/opt/vendor/lib/libz.so.1\0')
    expect(at('opt/vendor/lib/libz.so.1')).toBe('→ libz.so.1.2')
  })

  it('writes a cache when libraries lie in other folders of ld.so.conf', () => {
    const files = {
      ...configuration,
      [`${standard}/private/libz.so.1`]: library('libz.so.1'),
      [`${standard}/liba.so.1`]: library('liba.so.1'),
    }
    const outcome = apply([{ name: 'x', files }])
    const text = outcome.at('etc/ld.so.cache') ?? ''
    expect(text).toContain('glibc-ld.so.cache1.1')
    expect(text).toContain('/usr/lib/x86_64-linux-gnu/private/libz.so.1\0')
    expect(outcome.notes('ld-so-conf')).toEqual([
      '/etc/ld.so.cache: 2 libraries, 1 outside the standard folders',
    ])
  })
})

describe('compareLibraryNames', () => {
  it.each([
    ['liba.so.9', 'liba.so.10', -1],
    ['libb.so.1', 'liba.so.2', 1],
    ['liba.so.1', 'liba.so.1', 0],
    ['liba.so', 'liba.so.1', -1],
    ['liba1.so', 'libab.so', 1],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(Math.sign(compareLibraryNames(a, b))).toBe(expected)
    expect(Math.sign(compareLibraryNames(b, a))).toBe(expected === 0 ? 0 : -expected)
  })
})

describe('writeLoaderCache', () => {
  const entries = ['libb.so.2', 'liba.so.10', 'liba.so.9', 'libc.so.6'].map((name) => ({
    name,
    path: `/x/${name}`,
    order: 0,
  }))
  const cache = Buffer.from(writeLoaderCache(entries, { architecture: 'amd64' }))

  it('has header, entries in descending order, and strings', () => {
    expect(cache.subarray(0, 20).toString('latin1')).toBe('glibc-ld.so.cache1.1')
    expect(cache.readUInt32LE(20)).toBe(4)
    const names = [0, 1, 2, 3].map((i) => {
      const at = cache.readUInt32LE(48 + 24 * i + 4)
      return cache.subarray(at, cache.indexOf(0, at)).toString()
    })
    expect(names).toEqual(['libc.so.6', 'libb.so.2', 'liba.so.10', 'liba.so.9'])
    expect(cache.readUInt32LE(24)).toBe(cache.length - 48 - 4 * 24)
  })
})
