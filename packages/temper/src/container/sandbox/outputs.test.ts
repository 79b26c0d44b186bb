import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOutput } from './outputs.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-outputs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const options = { what: 'The step "x"', signal: new AbortController().signal }
const read = (name: string) => readOutput(folder, name, options)
const text = (content: Uint8Array) => Buffer.from(content).toString()

describe('what a job left', () => {
  it('is taken whole, links as they are, sorted, folders first', async () => {
    await mkdir(join(folder, 'out/b'), { recursive: true })
    await writeFile(join(folder, 'out/b/tool'), 'tool')
    await chmod(join(folder, 'out/b/tool'), 0o4755)
    await writeFile(join(folder, 'out/a'), 'a')
    await symlink('/etc/shadow', join(folder, 'out/link'))
    const files = await read('out')
    expect(files.map(({ path, type, target }) => [path, type, target])).toEqual([
      ['out', 'directory', undefined],
      ['out/a', 'file', undefined],
      ['out/b', 'directory', undefined],
      ['out/b/tool', 'file', undefined],
      ['out/link', 'symlink', '/etc/shadow'],
    ])
    expect(files.map(({ content }) => text(content))).toEqual(['', 'a', '', 'tool', ''])
    expect(files[3]?.mode).toBe(0o755)
  })

  it('is never reached through a link', async () => {
    await writeFile(join(folder, 'secret'), 'x')
    await symlink('.', join(folder, 'here'))
    await symlink('/etc', join(folder, 'etc'))
    await expect(read('here/secret')).rejects.toMatchObject({
      code: 'step-failed',
      message: expect.stringContaining('here is a link'),
    })
    await expect(read('etc/passwd')).rejects.toMatchObject({ code: 'step-failed' })
    expect(await read('etc')).toMatchObject([{ type: 'symlink', target: '/etc' }])
  })

  it('is missed when it is not there, or lies below a file', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(read('none')).rejects.toMatchObject({
      code: 'step-failed',
      message: expect.stringContaining('did not make none'),
    })
    await expect(read('file/x')).rejects.toMatchObject({ message: expect.stringContaining('not a folder') })
  })

  it('cannot be a socket, nor have names that no image should have', async () => {
    const server = createServer().listen(join(folder, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    await expect(read('socket')).rejects.toMatchObject({
      message: expect.stringContaining('neither a file, a folder nor a link'),
    })
    await new Promise((resolve) => server.close(resolve))
    await mkdir(join(folder, 'names'))
    await writeFile(join(folder, 'names/a\nb'), '')
    await expect(read('names')).rejects.toMatchObject({
      message: expect.stringContaining('control characters'),
    })
    await symlink('a\u001b[31m', join(folder, 'colour'))
    await expect(read('colour')).rejects.toMatchObject({ code: 'step-failed' })
  })

  it('lies no deeper than an application does', async () => {
    await mkdir(join(folder, 'd', ...Array.from({ length: 70 }, () => 'd')), { recursive: true })
    await expect(read('d')).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('is left when the person stops', async () => {
    await writeFile(join(folder, 'x'), '')
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(readOutput(folder, 'x', { what: 'x', signal })).rejects.toThrow('stopped')
  })
})
