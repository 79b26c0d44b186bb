import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder, readFileIfExists, writeFileAtomic } from './file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-file-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('makeFolder', () => {
  it('makes all that is missing, and is fine with what is there, also at the same time', async () => {
    const path = join(folder, 'a/b/c')
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, 'a/b/d'))])
    await makeFolder(path)
    expect((await readdir(join(folder, 'a/b'))).sort()).toEqual(['c', 'd'])
  })

  it('fails on a file in the way', async () => {
    await writeFile(join(folder, 'a'), '')
    await expect(makeFolder(join(folder, 'a'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(makeFolder(join(folder, 'a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  it.skipIf(process.platform !== 'linux')('fails where nothing can be made', async () => {
    await expect(makeFolder('/proc/temper/x')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('writeFileAtomic', () => {
  async function* parts(fails: boolean) {
    yield Buffer.from('one ')
    if (fails) throw new Error('the source broke')
    yield Buffer.from('two')
  }

  it('writes text, bytes and streams', async () => {
    const path = join(folder, 'deep/file')
    await writeFileAtomic(path, parts(false))
    expect(await readFile(path, 'utf8')).toBe('one two')
    await writeFileAtomic(path, 'text')
    expect(Buffer.from((await readFileIfExists(path)) ?? []).toString()).toBe('text')
  })

  it('leaves the old content, and nothing else, when the source breaks', async () => {
    const path = join(folder, 'file')
    await writeFileAtomic(path, 'old')
    await expect(writeFileAtomic(path, parts(true))).rejects.toThrow('the source broke')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['file'])
  })

  it.skipIf(process.platform === 'win32')('writes to devices and does not replace them', async () => {
    // A link that somebody else may replace, were this not so.
    const path = join(folder, 'null')
    await symlink('/dev/null', path)
    await writeFileAtomic(path, 'x')
    await writeFileAtomic(path, parts(false))
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
    expect(await readdir(folder)).toEqual(['null'])
  })

  it('names the file when the system refuses', async () => {
    await writeFile(join(folder, 'a'), '')
    await expect(writeFileAtomic(join(folder, 'a/b'), 'x')).rejects.toMatchObject({
      code: 'file-system',
      message: expect.stringContaining(join(folder, 'a/b')),
    })
  })

  it('holds a folder in the place of a file for a mistake of the person', async () => {
    await writeFile(join(folder, 'a'), '')
    const code = 'bad-usage'
    await expect(readFileIfExists(folder)).rejects.toMatchObject({ code })
    await expect(readFileIfExists(join(folder, 'a/b'))).rejects.toMatchObject({ code })
  })
})
