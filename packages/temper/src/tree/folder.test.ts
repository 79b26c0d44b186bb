import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFolderTree } from './fixtures/folder.ts'
import { NodeMaker } from './reading.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-folder-tree-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const keep = (path: string) => path.startsWith('etc/')

describe('the tree of a folder', () => {
  it('has what lies there, with permissions, facts and the contents that are asked for', async () => {
    mkdirSync(join(home, 'etc'))
    mkdirSync(join(home, 'usr/bin'), { recursive: true })
    writeFileSync(join(home, 'etc/motd'), 'hello')
    writeFileSync(join(home, 'usr/bin/run'), '#!/bin/sh\n')
    chmodSync(join(home, 'usr/bin/run'), 0o4755)
    linkSync(join(home, 'etc/motd'), join(home, 'usr/again'))
    symlinkSync('/usr/bin', join(home, 'bin'))
    const { tree, notes } = await readFolderTree(home, { keep })
    expect([...tree.nodes()].map(({ path, type }) => `${path} ${type}`)).toEqual([
      'bin symlink',
      'etc directory',
      'etc/motd file',
      'usr directory',
      'usr/again file',
      'usr/bin directory',
      'usr/bin/run file',
    ])
    expect(tree.resolve('bin/run')).toMatchObject({ mode: 0o4755, shebang: ['/bin/sh'], size: 10 })
    expect(Buffer.from(tree.get('etc/motd')?.content ?? []).toString()).toBe('hello')
    expect(tree.get('usr/again')).not.toHaveProperty('content')
    expect(notes).toEqual([])
  })

  it('shows pipes, and waits for none', async () => {
    execFileSync('mkfifo', [join(home, 'pipe')])
    const { tree } = await readFolderTree(home, { keep })
    expect(tree.get('pipe')?.type).toBe('fifo')
  })

  it('never shows what is outside', async () => {
    symlinkSync(tmpdir(), join(home, 'out'))
    const { tree } = await readFolderTree(home, { keep: () => true })
    expect([...tree.nodes()].map(({ path }) => path)).toEqual(['out'])
    expect(tree.resolve('out')).toBeUndefined()
  })
})

describe('contents that are kept', () => {
  it('are bounded', () => {
    const maker = new NodeMaker({ limit: 10 })
    const entry = { path: 'a', type: 'file', mode: 0, uid: 0, gid: 0, size: 5, mtime: 0 } as const
    const add = (size: number) => maker.node({ entry, captured: new Uint8Array(size) })
    add(5)
    add(5)
    expect(() => add(1)).toThrow('more than 10 bytes')
  })
})
