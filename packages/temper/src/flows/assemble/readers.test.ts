import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { debianPackage } from '../../../test/support/debian-package.ts'
import { lockedPackage } from '../../assemble/fixtures/sample.ts'
import { measureLayer } from '../../assemble/layers/measure.ts'
import { readOwned } from '../../assemble/layers/stored.ts'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { readPackage } from '../../assemble/packages/contents.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { openDistro } from '../../distro/open.ts'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import type { LockedPackage } from '../../model/lock.ts'
import { proofReads } from '../../tree/proof/plugins.ts'
import { Readers, type ReadersOptions } from './readers.ts'
import { decideBy, type ReadingFacts } from './reading.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-readers-'))
})
afterEach(() => rm(folder, { recursive: true }))

const spec = defaultCompressor('gzip')
const distro = await openDistro('debian-13', {})
const facts: ReadingFacts = {
  allow: [],
  locales: undefined,
  names: ['tool'],
  latest: undefined,
  deleted: [],
  own: [],
}

/** Puts an archive where packages are kept. */
async function archived(name: string): Promise<LockedPackage> {
  const bytes = debianPackage({
    name,
    version: '1',
    files: {
      [`./usr/share/doc/${name}/copyright`]: 'MIT',
      [`./usr/bin/${name}`]: '#!/usr/bin/perl\n',
      './etc/ld.so.conf': 'include *.conf\n',
      [`./usr/share/${name}/data`]: Buffer.alloc(3_000_000, name),
    },
    scripts: { postinst: `#!/bin/sh\nuseradd ${name}\n` },
  })
  const locked = { ...lockedPackage({ name, files: [] }), digest: sha256(bytes), size: bytes.length }
  const path = distro.archivePath(folder, locked.digest)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  return locked
}

function readers(more: Partial<ReadersOptions> = {}): Readers {
  return new Readers({
    setup: {
      cacheDir: folder,
      distribution: 'debian-13',
      spec,
      xzProgram: undefined,
      verdicts: [],
      compiled: undefined,
    },
    processors: 3,
    leastBytes: 0,
    signal: new AbortController().signal,
    arrived: async () => {},
    ...more,
  })
}

async function readHere(locked: LockedPackage, into: string) {
  return await readPackage(locked, {
    distro,
    spec,
    cache: new AssemblyCache(into),
    compressor: await createCompressor(spec),
    decide: decideBy(facts, { distro }),
    captures: proofReads,
    openArchive: ({ digest }) => distro.openArchive(distro.archivePath(folder, digest)),
  })
}

const notHere = () => Promise.reject(new Error('read by who asked'))

async function filesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const contents = files
    .sort()
    .map(async (file) => [file.slice(path.length), sha256(await readFile(file))] as const)
  return new Map(await Promise.all(contents))
}

async function segments(): Promise<readonly Digest[]> {
  const files = await filesIn(join(folder, 'segments-4'))
  return [...files.keys()].map((path): Digest => `sha256:${path.slice(-64)}`)
}

describe('threads that read packages', () => {
  it('find and keep what the main thread does', async () => {
    const packages = [await archived('tool'), await archived('other')]
    const elsewhere = readers().open(packages, facts)
    const contents: unknown[] = []
    for (const each of packages) contents.push(await elsewhere?.read(each, notHere))
    const here = join(folder, 'here')
    expect(contents).toEqual(await Promise.all(packages.map(async (each) => await readHere(each, here))))
    for (const kind of ['contents-15', 'segments-4'])
      expect(await filesIn(join(folder, kind))).toEqual(await filesIn(join(here, kind)))
  })

  it('leave a package that they cannot read to who asked', async () => {
    const packages = [await archived('tool'), await archived('other')]
    const [damaged] = packages
    const elsewhere = readers().open(packages, facts)
    if (damaged === undefined || elsewhere === undefined) throw new Error('nothing to read')
    const path = distro.archivePath(folder, damaged.digest)
    const bytes = await readFile(path)
    bytes[bytes.length - 5000] = 1
    await writeFile(path, bytes)
    const content = await readHere(damaged, join(folder, 'here'))
    expect(await elsewhere.read(damaged, async () => content)).toBe(content)
    await expect(elsewhere.read(damaged, notHere)).rejects.toThrow('read by who asked')
    expect(await readdir(join(folder, 'segments-4')).catch(() => [])).toEqual([])
  })

  it('share the work with who asked', async () => {
    const packages = [await archived('tool'), await archived('other')]
    const elsewhere = readers().open(packages, facts)
    let here = 0
    const read = async (locked: LockedPackage) => {
      here++
      return await readHere(locked, join(folder, 'here'))
    }
    await Promise.all(packages.map(async (each) => await elsewhere?.read(each, read)))
    expect(here).toBe(1)
    expect((await segments()).length).toBe(1)
  })

  it('are not started where they cannot help', async () => {
    const packages = [await archived('tool'), await archived('other')]
    expect(readers({ processors: 2 }).open(packages, facts)).toBeUndefined()
    expect(readers().open(packages.slice(1), facts)).toBeUndefined()
    expect(readers({ leastBytes: 1e9 }).open(packages, facts)).toBeUndefined()
    expect(readers({ setup: undefined }).open(packages, facts)).toBeUndefined()
    expect(await readers().measure({ head: [], keys: [], end: new Uint8Array() })).toBeUndefined()
  })

  it('measure layers, and leave those that have a damaged segment', async () => {
    const packages = [await archived('tool'), await archived('other')]
    const all = readers()
    const elsewhere = all.open(packages, facts)
    for (const each of packages) await elsewhere?.read(each, notHere)
    const keys = await segments()
    expect(keys.length).toBe(2)
    const end = await (await createCompressor(spec)).compress(new Uint8Array(1024))
    const stored = { head: [], segments: keys.map((key) => ({ key, maker: notHere })), end }
    const cache = new AssemblyCache(folder)
    expect(await all.measure({ head: [], keys, end })).toEqual(
      await measureLayer(readOwned(stored, cache), spec),
    )
    expect(await all.measure({ head: [], keys: [...keys, sha256('no segment')], end })).toBeUndefined()
  })
})
