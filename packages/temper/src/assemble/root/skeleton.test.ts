import { describe, expect, it } from 'vitest'
import { buildRoot } from '../../model/tree/fixtures/fixture-root.ts'
import { sampleRecipe } from '../fixtures/sample.ts'
import { addOsRelease } from './os-release.ts'
import { addFolder, addSkeleton } from './skeleton.ts'

describe('the skeleton', () => {
  it('is what programs and runtimes expect, world-writable only with the sticky bit', () => {
    const root = buildRoot({})
    addSkeleton(root, 7)
    for (const path of ['dev', 'etc', 'proc', 'run', 'sys', 'tmp', 'usr/bin', 'var/tmp'])
      expect(root.get(path)).toMatchObject({ type: 'directory', uid: 0, mtime: 7 })
    expect(root.get('home/nonroot')).toMatchObject({ mode: 0o700, uid: 65532, gid: 65532 })
    for (const { mode } of root.nodes()) if ((mode & 0o002) !== 0) expect(mode & 0o1000).toBe(0o1000)
  })

  it('leaves alone what is there', () => {
    const root = buildRoot({ tmp: { type: 'directory', mode: 0o700 }, run: 'var/run' })
    addSkeleton(root, 7)
    expect(root.get('tmp')?.mode).toBe(0o700)
    expect(root.get('run')?.type).toBe('symlink')
  })
})

describe('a folder that the recipe names', () => {
  const owner = { uid: 5, gid: 6, mode: 0o750, mtime: 7 }

  it('is made where links lead, with folders above it', () => {
    const root = buildRoot({ srv: 'var/srv' })
    addFolder(root, '/srv/app', owner)
    expect(root.get('var/srv/app')).toMatchObject({ uid: 5, gid: 6, mode: 0o750, type: 'directory' })
    expect(root.get('var/srv')).toMatchObject({ uid: 0, mode: 0o755 })
  })

  it.each([['/'], ['/srv'], ['/link']])('is not made when %s is there', (path) => {
    const root = buildRoot({ srv: { type: 'directory' }, link: 'srv' })
    const before = root.size
    addFolder(root, path, owner)
    expect(root.size).toBe(before)
  })
})

describe('os-release', () => {
  const written = (distribution: Record<string, string>, osRelease: Record<string, string> = {}) => {
    const root = buildRoot({})
    addOsRelease(root, sampleRecipe({ osRelease }), { distribution, mtime: 7 })
    return { root, text: new TextDecoder().decode(root.get('usr/lib/os-release')?.content) }
  }

  it('is where os-release(5) says, and a link where it used to be', () => {
    const { root } = written({ ID: 'debian' })
    expect(root.resolve('etc/os-release')?.path).toBe('usr/lib/os-release')
    expect(root.get('etc/os-release')?.target).toBe('../usr/lib/os-release')
  })

  it('has the fields of the recipe in place of those of the distribution, in their order', () => {
    expect(written({ ID: 'debian', NAME: 'Debian' }, { NAME: 'Own', VARIANT: 'x' }).text).toBe(
      'ID=debian\nNAME=Own\nVARIANT=x\n',
    )
  })

  it.each([
    ['13', '13'],
    ['https://example.org/a-b_c:1', 'https://example.org/a-b_c:1'],
    ['Debian GNU/Linux 13', '"Debian GNU/Linux 13"'],
    ['', '""'],
    ['a"b', '"a\\"b"'],
    ['$(reboot)', '"\\$(reboot)"'],
    ['`reboot`', '"\\`reboot\\`"'],
    ['back\\slash', '"back\\\\slash"'],
    ["it's", '"it\'s"'],
  ])('quotes %j for shells as %s', (value, quoted) => {
    expect(written({ NAME: value }).text).toBe(`NAME=${quoted}\n`)
  })
})
