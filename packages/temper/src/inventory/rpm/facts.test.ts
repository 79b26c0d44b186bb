import { describe, expect, test } from 'vitest'
import { isRpmFile, readRpmFact } from './facts.ts'

const head = (path: string, size = 100) => ({ path, size, mode: 0o644, start: new Uint8Array() })
const manifest = 'var/lib/rpmmanifest/container-manifest-2'

describe('files of rpm', () => {
  test.each([
    ['var/lib/rpm/rpmdb.sqlite', true],
    ['usr/lib/sysimage/rpm/Packages.db', true],
    ['usr/share/rpm/Packages', true],
    ['var/lib/rpm/Packages.old', false],
    ['var/lib/rpm/sub/Packages', false],
    ['opt/var/lib/rpm/Packages', false],
    ['var/lib/rpm/rpmdb.sqlite-shm', false],
    [manifest, true],
    ['var/lib/rpmmanifest/container-manifest-1', false],
  ])('%s: %j', (path, expected) => {
    expect(isRpmFile(head(path))).toBe(expected)
  })

  test('a log of changes counts when there is something in it', () => {
    const path = 'var/lib/rpm/rpmdb.sqlite-wal'
    expect([isRpmFile(head(path, 0)), isRpmFile(head(path, 1))]).toEqual([false, true])
    expect(readRpmFact({ ...head(path), bytes: Buffer.from('x') })).toEqual({
      packages: [],
      log: null,
    })
  })

  test('the list of images without a database, a package each line', () => {
    const line = (...cells: string[]) => cells.join('\t')
    const text = [
      line(
        'bash',
        '5.1.8-4.azl3',
        '1',
        '2',
        'Microsoft Corporation',
        '(none)',
        '3',
        'x86_64',
        '0',
        'bash-5.1.8-4.azl3.src.rpm',
      ),
      line('openssl', '1.1.1k-30.cm2', '', '', '', '', '', 'aarch64', '2', ''),
      line('gpg-pubkey', 'nodash'),
      line('', '1-1'),
      'nothing',
      '',
    ].join('\n')
    const fact = readRpmFact({ ...head(manifest), bytes: Buffer.from(text) })
    expect(fact.damaged).toBe(`3 lines of ${manifest} name no package`)
    expect(fact.packages).toEqual([
      {
        name: 'bash',
        version: '5.1.8',
        release: '4.azl3',
        architecture: 'x86_64',
        vendor: 'Microsoft Corporation',
        sourceRpm: 'bash-5.1.8-4.azl3.src.rpm',
        provides: 'bash',
        requires: '',
      },
      {
        name: 'openssl',
        version: '1.1.1k',
        release: '30.cm2',
        epoch: 2,
        architecture: 'aarch64',
        provides: 'openssl',
        requires: '',
      },
    ])
  })

  test.each(['var/lib/rpm/rpmdb.sqlite', 'var/lib/rpm/Packages', 'usr/lib/sysimage/rpm/Packages.db'])(
    '%s that is none is an error, not an empty list',
    (path) => {
      expect(() => readRpmFact({ ...head(path), bytes: Buffer.alloc(8192, 1) })).toThrow(path)
    },
  )
})
