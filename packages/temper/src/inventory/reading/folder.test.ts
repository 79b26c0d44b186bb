import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import { dpkgCataloguer } from '../dpkg/cataloguer.ts'
import { bookworm, file, list, stanza, status } from '../fixtures/sample-tree.ts'
import { pythonCataloguer } from '../language/python/cataloguer.ts'
import { readFolderInventory } from './folder.ts'

let home = ''
let root = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-folder-'))
  root = join(home, 'root')
  mkdirSync(root)
})
afterEach(() => rmSync(home, { recursive: true }))

function put(...entries: readonly SampleEntry[]) {
  for (const { path, content = '' } of entries) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}
const read = () => readFolderInventory(root, { cataloguers: [dpkgCataloguer], sha1: true })

/** Root can read everything: where root runs the tests, the work is done as a user who may only look around. */
async function asSomebodyElse<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work()
  chmodSync(home, 0o755)
  process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

describe('a root file system on disk', () => {
  test('may have more packages than a call has arguments', async () => {
    for (const folder of ['a', 'b']) {
      const lines = Array.from({ length: 90_000 }, (_, id) => `p${folder}${id}==1.0\n`)
      put(file(`${folder}/requirements.txt`, lines.join('')))
    }
    const { components } = await readFolderInventory(root, { cataloguers: [pythonCataloguer], sha1: false })
    expect(components.length).toBe(180_000)
  })

  test('gives what an image of one layer does, without layers', async () => {
    put(bookworm, status(stanza('p', '1')), list('p', '/usr/bin/p'), file('usr/bin/p', 'abc'))
    linkSync(join(root, 'usr/bin/p'), join(root, 'usr/bin/q'))
    const { components, files, distribution, layers } = await read()
    expect(distribution).toMatchObject({ id: 'debian', version: '12' })
    expect(layers).toEqual([])
    expect(components).toMatchObject([
      { name: 'p', locations: [{ path: 'var/lib/dpkg/status' }], files: ['usr/bin/p'] },
    ])
    expect(files?.filter(({ path }) => path.startsWith('usr/bin'))).toEqual([
      {
        path: 'usr/bin/p',
        size: 3,
        digest: sha256('abc'),
        sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
        owner: 'pkg:deb/debian/p@1?arch=amd64&distro=debian-12',
      },
      expect.objectContaining({ path: 'usr/bin/q' }),
    ])
  })

  test('is never left: links are not followed while reading, and lead to what is inside', async () => {
    writeFileSync(join(home, 'status'), stanza('outside', '1'))
    mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true })
    symlinkSync(join(home, 'status'), join(root, 'var/lib/dpkg/status'))
    symlinkSync('..', join(root, 'up'))
    symlinkSync('loop', join(root, 'loop'))
    const { components, files } = await read()
    expect(components).toEqual([])
    expect(files).toEqual([])
  })

  test('has files with names of whiteouts, which mean nothing here', async () => {
    put(file('a'), file('.wh.a'))
    expect((await read()).files?.map(({ path }) => path)).toEqual(['.wh.a', 'a'])
  })

  test('may hold pipes, which are left out', async () => {
    put(file('a'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect((await read()).files).toHaveLength(1)
  })

  test('may hold what cannot be read: a note each', async () => {
    put(file('secret/a'), file('b'))
    chmodSync(join(root, 'secret'), 0)
    chmodSync(join(root, 'b'), 0)
    const { notes } = await asSomebodyElse(read)
    chmodSync(join(root, 'secret'), 0o755)
    expect(notes.map(({ code, location }) => [code, location?.path])).toEqual([
      ['unreadable-file', 'secret'],
      ['unreadable-file', 'b'],
    ])
  })

  test('has to be a folder, of no more than so many entries', async () => {
    put(file('a'), file('b'), file('c'))
    const codeOf = (path: string, limits = {}) =>
      readFolderInventory(path, { cataloguers: [], limits }).catch((error: unknown) =>
        error instanceof TemperError ? error.code : error,
      )
    expect(await codeOf(join(home, 'none'))).toBe('not-found')
    expect(await codeOf(join(root, 'a'))).toBe('bad-usage')
    expect(await codeOf(root, { entries: 2 })).toBe('limit-exceeded')
  })
})
