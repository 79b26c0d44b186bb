import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../bytes.ts'
import { withPlainFile } from './plain-file.ts'
import { unreadable, walkFolder } from './walk.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-walk-'))
})
afterEach(() => rmSync(home, { recursive: true }))

describe('all that is below a folder', () => {
  it('is listed in order, links as they are and not followed', async () => {
    mkdirSync(join(home, 'b/deep'), { recursive: true })
    writeFileSync(join(home, 'b/deep/file'), 'four')
    symlinkSync('/etc', join(home, 'a'))
    const { objects, notes } = await walkFolder(home, { entries: 4 })
    expect(objects.map(({ path, target }) => [path, target])).toEqual([
      ['a', '/etc'],
      ['b', undefined],
      ['b/deep', undefined],
      ['b/deep/file', undefined],
    ])
    expect(objects[3]?.stats.size).toBe(4)
    expect(notes).toEqual([])
    await expect(walkFolder(home, { entries: 3 })).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('has sockets too', async () => {
    const server = createServer().listen(join(home, 'socket'))
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const { objects } = await walkFolder(home, { entries: 9 })
      expect(objects.map(({ stats }) => stats.isSocket())).toEqual([true])
    } finally {
      server.close()
    }
  })

  it('is nothing where there is no folder', async () => {
    writeFileSync(join(home, 'file'), '')
    await expect(walkFolder(join(home, 'none'), { entries: 9 })).rejects.toMatchObject({ code: 'not-found' })
    await expect(walkFolder(join(home, 'file'), { entries: 9 })).rejects.toMatchObject({ code: 'bad-usage' })
  })

  it('stops when it is told to', async () => {
    await expect(
      walkFolder(home, { entries: 9, signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough')
  })

  it('makes notes of what the system says, and of nothing else', () => {
    expect(unreadable('a', Object.assign(new Error('no'), { code: 'EACCES' }))).toMatchObject({
      message: 'a could not be read: EACCES',
    })
    expect(() => unreadable('a', new Error('a fault of ours'))).toThrow('a fault of ours')
  })
})

describe('a file that was listed', () => {
  const read = (path: string) =>
    withPlainFile(join(home, path), async ({ mode }, content) => ({
      mode: mode & 0o777,
      text: Buffer.from(await collect(content, { limit: 2 ** 20, what: path })).toString(),
    }))

  it('is read whole', async () => {
    const text = 'x'.repeat((256 << 10) + 1)
    writeFileSync(join(home, 'file'), text)
    chmodSync(join(home, 'file'), 0o640)
    expect(await read('file')).toEqual({ mode: 0o640, text })
  })

  it('is refused when a link took its place, and passed over when it is a folder', async () => {
    writeFileSync(join(home, 'file'), '')
    symlinkSync('file', join(home, 'link'))
    mkdirSync(join(home, 'folder'))
    await expect(read('link')).rejects.toMatchObject({ code: 'ELOOP' })
    expect(await read('folder')).toBeUndefined()
  })
})
