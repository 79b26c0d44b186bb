import { describe, expect, it } from 'vitest'
import { checked } from './fixtures/sample.ts'
import { SecretObserver, withLayers } from './observer.ts'

const observer = new SecretObserver()
const mebibyte = 1 << 20

function selects(path: string, size = 100, start: string | Uint8Array = 'text'): boolean {
  return observer.select({ path, size, start: Buffer.from(start as string) })
}

describe('files that are searched', () => {
  it.each([
    ['app/main.py', 7, false],
    ['app/main.py', 8, true],
    ['app/main.py', mebibyte, true],
    ['app/main.py', mebibyte + 1, false],
    ['app/config.json', mebibyte + 1, true],
    ['app/config.json', 16 * mebibyte, true],
    // Selected, so that it is told that they were not read.
    ['app/config.json', 16 * mebibyte + 1, true],
    ['app/.env', 16 * mebibyte, true],
    ['root/.aws/credentials', 2 * mebibyte, true],
    ['app/tls.pem', 2 * mebibyte, true],
    ['app/env', 2 * mebibyte, false],
  ])('%s of %i bytes: %s', (path, size, expected) => {
    expect(selects(path, size)).toBe(expected)
  })

  it.each([
    'usr/share/doc/x/README',
    'usr/share/man/man1/x.1',
    'usr/share/zoneinfo/Europe/Vienna',
    'usr/include/x.h',
    'var/lib/dpkg/info/x.md5sums',
    'usr/lib/libx.so',
    'usr/lib/libx.so.1.2.3',
    'app/logo.png',
    'app/data.tar.gz',
    'app/classes/A.class',
  ])('%s is skipped', (path) => {
    expect(selects(path)).toBe(false)
  })

  it.each([
    'usr/share/docs/x',
    'srv/usr/share/doc/x',
    'usr/share/app/config',
    'app/so',
    'app/solib',
    'app/x.sox',
  ])('%s is not', (path) => {
    expect(selects(path)).toBe(true)
  })

  it('hold nothing at their start that no text has', () => {
    expect(selects('app/run', 100, 'ends of lines\r\n\t\x1b[0m\x0c')).toBe(true)
    expect(selects('app/run', 100, Buffer.from([0xe9, 0xff, 0xa0, 0x41]))).toBe(true)
    expect(selects('app/run', 100, '\x7fELF\x02')).toBe(false)
    expect(selects('app/run', 100, 'text\0')).toBe(false)
  })

  it('are read as settings by their name, whatever else they hold', () => {
    expect(selects('app/.env', 100, 'A=\x02')).toBe(true)
  })
})

describe('what was read', () => {
  it('is not searched when it proves to be binary behind its start', () => {
    const bytes = Buffer.from(`${'x'.repeat(100)}\x02\n${checked('ghp')}`)
    expect(observer.read({ path: 'app/data', bytes })).toBeUndefined()
    expect(observer.read({ path: 'app/.env', bytes })).toMatchObject([{ rule: 'github-token', line: 2 }])
  })

  it('is nothing for text without secrets, so that nothing is kept of it', () => {
    expect(observer.read({ path: 'a', bytes: Buffer.from('nothing here') })).toBeUndefined()
  })

  it('is found in bytes that are no UTF-8, and in a part of a larger buffer', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from(checked('ghp')),
      Buffer.from('\nrest'),
    ])
    const whole = Buffer.concat([Buffer.from(checked('npm')), Buffer.from(' '), bytes])
    const part = whole.subarray(whole.length - bytes.length)
    expect(observer.read({ path: 'a', bytes: part })).toMatchObject([{ rule: 'github-token', line: 2 }])
  })
})

describe('what is found', () => {
  const fact = observer.read({ path: 'app/token', bytes: Buffer.from(checked('ghp')) }) ?? []
  const layers = [{ diffId: `sha256:${'1'.repeat(64)}` }, { diffId: `sha256:${'2'.repeat(64)}` }] as const

  function observed(layer: number | undefined, hidden: boolean) {
    const each = new SecretObserver()
    const location = { path: 'app/token', ...(layer === undefined ? {} : { layer }) }
    each.finish([{ location, hidden, fact }])
    return withLayers(each.found, layers)
  }

  it('says when a later layer only hides it', () => {
    expect(observed(0, false)).toMatchObject([{ found: 'GitHub token', deleted: false }])
    expect(observed(0, true)).toMatchObject([
      { found: 'GitHub token, in a file that a later layer only hides', deleted: true },
    ])
  })

  it.each([
    [0, layers[0].diffId],
    [1, layers[1].diffId],
    [2, undefined],
    [undefined, undefined],
  ])('names the layer %s by its diff id', (layer, expected) => {
    const [secret] = observed(layer, false)
    expect(secret?.place).toEqual({
      kind: 'span',
      file: '/app/token',
      line: 1,
      column: 1,
      ...(expected === undefined ? {} : { layer: expected }),
    })
  })

  it('is nothing in what is about the whole', () => {
    const [secret] = observed(0, false)
    if (secret === undefined) throw new Error('nothing was found')
    const whole = { ...secret, place: { kind: 'whole' } } as const
    expect(withLayers([whole], layers)).toEqual([whole])
  })
})
