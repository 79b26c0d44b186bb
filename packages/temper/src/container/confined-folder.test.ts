import {
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
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesOf } from '../base/bytes.ts'
import { ConfinedFolder } from './confined-folder.ts'

let home = ''
let folder = new ConfinedFolder('')

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-confined-'))
  folder = new ConfinedFolder(home)
})
afterEach(() => rmSync(home, { recursive: true }))

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const modeOf = (path: string) => lstatSync(join(home, path)).mode & 0o7777
const put = (path: string, text = path, mode = 0o644) =>
  folder.placeFile(path, bytesOf(Buffer.from(text)), { mode, ...own })

describe('the place of a folder', () => {
  it('is made where it is missing, open to all for reading', () => {
    expect(folder.existing('a/b')).toBeUndefined()
    expect(folder.parent('a/b')).toBe('a/b')
    expect([modeOf('a'), modeOf('a/b')]).toEqual([0o755, 0o755])
    expect(folder.existing('a/b')).toBe('a/b')
    expect(folder.existing('')).toBe('')
    expect(folder.parent('')).toBe('')
  })

  it.each([
    ['usr/lib', 'lib'],
    ['/usr/lib', 'absolute'],
    ['../../usr/lib', 'upwards'],
    ['./usr/./lib', 'roundabout'],
    ['second', 'chained'],
  ])('behind a link to %s is inside: %s', (target, name) => {
    mkdirSync(join(home, 'usr/lib'), { recursive: true })
    symlinkSync('usr/lib', join(home, 'second'))
    symlinkSync(target, join(home, name))
    expect(folder.existing(name)).toBe('usr/lib')
    expect(folder.parent(`${name}/x`)).toBe('usr/lib/x')
  })

  it('is forgotten when something is removed', () => {
    symlinkSync('a', join(home, 'link'))
    expect(folder.parent('link')).toBe('a')
    folder.remove('link')
    expect(folder.parent('link')).toBe('link')
  })

  it.each([
    ['below a file', 'file/x', 'something would be put below /file, which is not a folder'],
    ['in a circle of links', 'round/x', 'too many links on the way to /round/x'],
  ])('%s is refused', async (_, name, message) => {
    await put('file')
    symlinkSync('again', join(home, 'round'))
    symlinkSync('round', join(home, 'again'))
    for (const look of [() => folder.parent(name), () => folder.existing(name)])
      expect(look).toThrow(
        expect.objectContaining({ code: 'bad-image', message: `A layer cannot be unpacked: ${message}` }),
      )
  })
})

describe('what is at a path', () => {
  it('is told without following links', async () => {
    symlinkSync('nowhere', join(home, 'link'))
    await put('file')
    expect(folder.stat('link')?.isSymbolicLink()).toBe(true)
    expect(folder.stat('file')?.isFile()).toBe(true)
    expect(folder.stat('none')).toBeUndefined()
    // A file has nothing below it, which is no failure.
    expect(folder.stat('file/x')).toBeUndefined()
  })

  it('that cannot be asked for is an error of the file system', () => {
    expect(() => folder.stat('x'.repeat(300))).toThrow(expect.objectContaining({ code: 'file-system' }))
    expect(() => folder.list('none')).toThrow(expect.objectContaining({ code: 'file-system' }))
  })
})

describe('placing', () => {
  it('takes the place of whatever is there', async () => {
    await put('x', 'file')
    folder.placeFolder('x', { mode: 0o755, ...own })
    await put('x/in')
    folder.placeSymlink('x', 'target', { mode: 0, ...own })
    expect(readlinkSync(join(home, 'x'))).toBe('target')
    await put('x', 'again')
    expect(readFileSync(join(home, 'x'), 'utf8')).toBe('again')
    expect(folder.list('')).toEqual(['x'])
  })

  it('writes a file in place of a link, not through it', async () => {
    writeFileSync(join(home, 'target'), 'untouched')
    symlinkSync('target', join(home, 'link'))
    await put('link', 'new')
    expect(readFileSync(join(home, 'target'), 'utf8')).toBe('untouched')
    expect(readFileSync(join(home, 'link'), 'utf8')).toBe('new')
  })

  it('keeps what is in a folder that is placed again', async () => {
    folder.placeFolder('a', { mode: 0o700, ...own })
    await put('a/x')
    folder.placeFolder('a', { mode: 0o711, ...own })
    expect(folder.list('a')).toEqual(['x'])
    expect(modeOf('a')).toBe(0o711)
  })

  it('leaves folders open to us until their permissions are set', () => {
    folder.placeFolder('a', { mode: 0o055, ...own })
    expect(modeOf('a')).toBe(0o755)
    folder.setMode('a', 0o055)
    expect(modeOf('a')).toBe(0o055)
    folder.setMode('a', 0o755)
  })

  it('sets no permissions of what is a link by now, or gone', () => {
    folder.placeFolder('a', { mode: 0o755, ...own })
    folder.placeFolder('b', { mode: 0o755, ...own })
    folder.remove('a')
    folder.setMode('a', 0o700)
    symlinkSync('b', join(home, 'a'))
    folder.setMode('a', 0o700)
    expect(modeOf('b')).toBe(0o755)
  })

  it('writes a file of many pieces, with all bits of its mode', async () => {
    async function* pieces() {
      for (let piece = 0; piece < 100; piece++) yield Buffer.alloc(1000, piece)
    }
    await folder.placeFile('big', pieces(), { mode: 0o4711, ...own })
    expect(lstatSync(join(home, 'big')).size).toBe(100_000)
    expect(readFileSync(join(home, 'big'))[99_999]).toBe(99)
    expect(modeOf('big')).toBe(0o4711)
  })

  it('closes a file whose content fails, and says why', async () => {
    async function* broken() {
      yield Buffer.from('some')
      throw new Error('the layer is damaged')
    }
    await expect(folder.placeFile('a', broken(), { mode: 0o644, ...own })).rejects.toThrow(
      'the layer is damaged',
    )
    // Not yet what it is to be: nobody else may read it.
    expect(modeOf('a')).toBe(0o600)
  })
})

describe('a hard link', () => {
  it('is a second name of the same file', async () => {
    await put('a', 'text')
    await put('b', 'other')
    folder.placeHardLink('b', 'a')
    expect(lstatSync(join(home, 'b')).ino).toBe(lstatSync(join(home, 'a')).ino)
  })

  it('of a link is the link itself', () => {
    folder.placeSymlink('link', '/etc/passwd', { mode: 0, ...own })
    folder.placeHardLink('b', 'link')
    expect(readlinkSync(join(home, 'b'))).toBe('/etc/passwd')
  })

  it('to itself changes nothing', async () => {
    await put('a', 'text')
    folder.placeHardLink('a', 'a')
    expect(readFileSync(join(home, 'a'), 'utf8')).toBe('text')
  })

  it.each([
    ['b', 'none', 'which is not there'],
    ['b', 'd', 'which is a folder'],
    ['d', 'd/x', 'which is not there'],
  ])('from %s to %s is refused', async (path, target, why) => {
    folder.placeFolder('d', { mode: 0o755, ...own })
    await put('d/x')
    expect(() => folder.placeHardLink(path, target)).toThrow(
      expect.objectContaining({
        code: 'bad-image',
        message: `A layer cannot be unpacked: /${path} is a hard link to /${target}, ${why}`,
      }),
    )
    expect(readFileSync(join(home, 'd/x'), 'utf8')).toBe('d/x')
  })
})
