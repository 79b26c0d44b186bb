import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeTarHeader, tarEnd } from '../formats/tar/write.ts'
import { traceReader } from './traces.ts'

const head = (path: string) => ({ path, size: 1, mode: 0o644, start: new Uint8Array() })
const read = async (path: string, bytes: Uint8Array) => await traceReader.read({ ...head(path), bytes })
const changelog = 'usr/share/doc/libc6/changelog.Debian.gz'

describe('what packages leave behind beside their database', () => {
  test.each([
    ['usr/share/doc/libc6/changelog.Debian.gz', true],
    ['usr/share/doc/libc6/changelog.gz', true],
    ['usr/share/doc/libc6/changelog.Debian.amd64.gz', true],
    ['usr/share/doc/libc6/changelog', false],
    ['usr/share/doc/a/b/changelog.gz', false],
    ['lib/apk/db/scripts.tar', true],
    ['usr/lib/apk/db/scripts.tar', true],
    ['opt/lib/apk/db/scripts.tar', false],
  ])('%s is read: %j', (path, expected) => {
    expect(traceReader.select(head(path))).toBe(expected)
  })

  test.each<[string, object | undefined]>([
    [
      'glibc (2.36-9+deb12u8) bookworm; urgency=medium\n\n  * x\n',
      { name: 'libc6', version: '2.36-9+deb12u8', source: 'glibc' },
    ],
    [
      '\n\nglibc (1:2.0) unstable experimental; urgency=low\n',
      { name: 'libc6', version: '1:2.0', source: 'glibc' },
    ],
    ['Changes of version 2.0\n', undefined],
    ['glibc (2.36 bookworm; urgency=medium\n', undefined],
    ['', undefined],
  ])('a changelog that begins "%s"', async (text, expected) => {
    const traces = await read(changelog, gzipSync(text))
    expect(traces).toEqual(expected === undefined ? undefined : [expected])
  })

  test('of a long one the beginning suffices; what is no gzip leaves no trace', async () => {
    const rest = Array.from({ length: 20_000 }, (_, i) => `  * change ${i * 7919}\n`).join('')
    const long = gzipSync(`glibc (2.36-9) bookworm; urgency=medium\n\n${rest}`)
    expect(long.length).toBeGreaterThan(8192)
    expect(await read(changelog, long)).toMatchObject([{ version: '2.36-9' }])
    expect(await read(changelog, Buffer.from('plain text'))).toBeUndefined()
  })

  test('scripts of apk are named after packages, each once', async () => {
    const names = [
      'busybox-1.36.1-r5.Q1abc=.post-install',
      'busybox-1.36.1-r5.Q1abc=.trigger',
      'alpine-baselayout-data-3.4.3-r2.Q2xyz=.pre-upgrade',
      'readme',
    ]
    const tar = Buffer.concat([
      ...names.map((path) =>
        encodeTarHeader({
          path,
          type: 'file',
          size: 0,
          mode: 0o755,
          uid: 0,
          gid: 0,
          mtime: 0,
        } as Parameters<typeof encodeTarHeader>[0]),
      ),
      tarEnd,
    ])
    expect(await read('lib/apk/db/scripts.tar', tar)).toEqual([
      { name: 'busybox', version: '1.36.1-r5' },
      { name: 'alpine-baselayout-data', version: '3.4.3-r2' },
    ])
    expect(await read('lib/apk/db/scripts.tar', tarEnd)).toBeUndefined()
  })
})
