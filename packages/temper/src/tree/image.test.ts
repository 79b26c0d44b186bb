import { describe, expect, it } from 'vitest'
import { buildElf } from '../formats/elf/fixtures/fixture-elf.ts'
import { type SampleEntry, sampleImage } from '../formats/layer/fixtures/sample-image.ts'
import { readImageTree } from './image.ts'

const file = (path: string, content = path): SampleEntry => ({ path, type: 'file', content })
const keep = (path: string) => path.startsWith('etc/')
const textOf = (content: Uint8Array | undefined) => content && Buffer.from(content).toString()

describe('the tree of an image', () => {
  it('says of each object which layer put it there', async () => {
    const image = sampleImage([
      [file('etc/a'), file('etc/b'), file('usr/c')],
      [file('etc/.wh.a', ''), file('etc/b', 'new'), { path: 'usr', type: 'directory', mode: 0o700 }],
    ])
    const tree = await readImageTree(image, { keep })
    expect([...tree.nodes()].map(({ path, layer }) => [path, layer?.index, layer?.diffId])).toEqual([
      ['etc', 1, image.layers[1]?.diffId],
      ['etc/b', 1, image.layers[1]?.diffId],
      ['usr', 1, image.layers[1]?.diffId],
      ['usr/c', 0, image.layers[0]?.diffId],
    ])
    expect(tree.get('usr')?.mode).toBe(0o700)
    expect(textOf(tree.get('etc/b')?.content)).toBe('new')
    expect(tree.get('usr/c')?.content).toBeUndefined()
  })

  it('follows links as the kernel does', async () => {
    const tree = await readImageTree(
      sampleImage([
        [
          { path: 'etc/alternatives/java', type: 'symlink', target: '/usr/lib/jvm/bin/java' },
          { path: 'usr/bin/java', type: 'symlink', target: '../../etc/alternatives/java' },
          file('usr/lib/jvm/bin/java'),
        ],
      ]),
      { keep },
    )
    expect(tree.resolve('/usr/bin/java')?.path).toBe('usr/lib/jvm/bin/java')
    expect(tree.list('etc')).toEqual(['alternatives'])
  })

  it('knows of programs what the loader needs, and of scripts what starts them', async () => {
    const elf = buildElf({ needed: ['libc.so.6'], interpreter: '/lib64/ld-linux-x86-64.so.2' })
    const tree = await readImageTree(
      sampleImage([
        [
          { path: 'usr/bin/app', type: 'file', content: elf, mode: 0o755 },
          { path: 'usr/bin/run', type: 'file', content: '#!/bin/sh\n', mode: 0o755 },
        ],
      ]),
      { keep },
    )
    expect(tree.get('usr/bin/app')?.elf).toMatchObject({ kind: 'executable', needed: ['libc.so.6'] })
    expect(tree.get('usr/bin/run')?.shebang).toEqual(['/bin/sh'])
  })

  it('makes a hard link a file with what it shares, of the layer that brought the link', async () => {
    const tree = await readImageTree(
      sampleImage([
        [{ ...file('usr/tool'), mode: 0o4755, uid: 3 }],
        [{ path: 'etc/again', type: 'hardlink', target: 'usr/tool' }],
      ]),
      { keep },
    )
    expect(tree.get('etc/again')).toMatchObject({ type: 'file', mode: 0o4755, uid: 3, layer: { index: 1 } })
    // Its content is to be kept under this name, though not under the one that it has in its layer.
    expect(textOf(tree.get('etc/again')?.content)).toBe('usr/tool')
  })

  it('keeps contents by where files really are, not by what their layer calls them', async () => {
    const tree = await readImageTree(
      sampleImage([
        [
          { path: 'etc', type: 'directory' },
          { path: 'hidden', type: 'symlink', target: 'etc' },
        ],
        [file('hidden/passwd', 'root::0:0::/:/bin/sh\n')],
      ]),
      { keep },
    )
    expect(textOf(tree.get('etc/passwd')?.content)).toBe('root::0:0::/:/bin/sh\n')
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(readImageTree(sampleImage([[file('a')]]), { keep, signal })).rejects.toThrow('enough')
  })
})
