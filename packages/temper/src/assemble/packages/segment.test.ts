import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import {
  createCompressor,
  defaultCompressor,
  type MemberCompressor,
} from '../../formats/compress/compress.ts'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { readTar } from '../../formats/tar/read.ts'
import { tarEnd } from '../../formats/tar/write.ts'
import type { PackageArchive } from '../../model/distro.ts'
import type { FileEntry, PackageEntry } from '../../model/package/package-content.ts'
import { packageArchive } from '../fixtures/sample.ts'
import { segmentEntry } from '../root/decide.ts'
import { makeSegment, type SegmentRequest, segmentKey } from './segment.ts'

const spec = defaultCompressor('gzip')
let compressor: MemberCompressor
beforeAll(async () => {
  compressor = await createCompressor(spec)
})

const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: 5 }

function file(path: string, content: string | Uint8Array): { entry: FileEntry; content: Uint8Array } {
  const bytes = Buffer.from(content)
  return { entry: { ...attributes, path, type: 'file', size: bytes.length }, content: bytes }
}

function archiveOf(...items: { entry: FileEntry; content?: Uint8Array }[]): PackageArchive {
  return {
    ...packageArchive({ name: 'tool', files: [] }),
    entries: async function* () {
      for (const { entry, content = new Uint8Array() } of items) yield { entry, content: bytesOf(content) }
    },
  }
}

/** Makes a segment and reads it back: its entries, and the text of each file. */
async function make(archive: PackageArchive, request: Partial<SegmentRequest> = {}) {
  const members: Uint8Array[] = []
  const result = await makeSegment(
    {
      digest: sha256('tool'),
      what: 'tool 1.0-1',
      archive,
      decide: (entry) => segmentEntry(entry, entry.path),
      captures: () => false,
      signal: undefined,
      database: () => [],
      ...request,
    },
    { compressor, spec, sink: async (bytes) => void members.push(bytes) },
  )
  const tar = Buffer.concat([...members.map((member) => gunzipSync(member)), tarEnd])
  const texts: Record<string, string> = {}
  for await (const { entry, content } of readTar(bytesOf(tar), { what: 'segment' }))
    texts[entry.path] = Buffer.from(await collect(content, { limit: 2 ** 24, what: entry.path })).toString()
  return { ...result, texts }
}

describe('a segment', () => {
  it('holds what was decided on, under the name that was decided', async () => {
    const { texts, content } = await make(archiveOf(file('bin/tool', 'tool'), file('usr/doc', 'read me')), {
      decide: (entry) =>
        entry.path === 'usr/doc' ? undefined : { ...segmentEntry(entry, entry.path), path: 'usr/bin/tool' },
    })
    expect(texts).toEqual({ 'usr/bin/tool': 'tool' })
    // All of the package is known, whatever goes into the image.
    expect(content.entries.map(({ path }) => path)).toEqual(['bin/tool', 'usr/doc'])
  })

  it('learns digests, ELF facts and interpreters on the way', async () => {
    const elf = buildElf({ needed: ['libz.so.1'] })
    const { content } = await make(archiveOf(file('a', elf), file('b', '#!/usr/bin/env ruby\n')))
    expect(content.entries[0]).toMatchObject({
      digest: sha256(elf),
      sha1: createHash('sha1').update(elf).digest('hex'),
      elf: { needed: ['libz.so.1'] },
    })
    expect(content.entries[1]?.shebang).toEqual(['/usr/bin/env', 'ruby'])
  })

  it('tells who decides what starts a script, before its bytes go by', async () => {
    const shebangs: PackageEntry['shebang'][] = []
    await make(archiveOf(file('run', '#!/bin/sh\n'), file('plain', 'text')), {
      decide: (entry) => {
        shebangs.push(entry.shebang)
        return undefined
      },
    })
    expect(shebangs).toEqual([['/bin/sh'], undefined])
  })

  it('keeps contents that are asked for, also of what stays out', async () => {
    const { content } = await make(archiveOf(file('etc/passwd', 'root'), file('etc/motd', 'hello')), {
      captures: (path) => path === 'etc/passwd',
      decide: () => undefined,
    })
    expect(content.captured).toEqual({ 'etc/passwd': Buffer.from('root').toString('base64') })
  })

  it('ends with the record for the package database, of what was written', async () => {
    const { texts } = await make(archiveOf(file('a', 'a'), file('b', 'b')), {
      decide: (entry) => (entry.path === 'a' ? segmentEntry(entry, 'a') : undefined),
      database: (content, written) => [
        file('var/lib/db/tool', `${content.entries.length} ${written.map(({ path }) => path)}`),
      ],
    })
    expect(texts).toEqual({ a: 'a', 'var/lib/db/tool': '2 a' })
  })

  it('stops between two entries', async () => {
    const stop = new AbortController()
    const making = make(archiveOf(file('a', 'a'), file('b', 'b')), {
      signal: stop.signal,
      decide: () => {
        stop.abort()
        return undefined
      },
    })
    await expect(making).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('the name of a segment', () => {
  const entry = segmentEntry({ ...attributes, path: 'a', type: 'file', size: 1 }, 'a')
  const source = { digest: sha256('tool'), compressor: spec }
  const record = file('var/lib/db/tool', 'record')
  const key = segmentKey(source, [entry], [record])

  it('is what making it gives', async () => {
    const made = await make(archiveOf(file('a', '1')), { database: () => [record] })
    expect(made.key).toBe(key)
  })

  it.each([
    ['the package', { ...source, digest: sha256('other') }, [entry], [record]],
    ['the compressor', { ...source, compressor: defaultCompressor('zstd') }, [entry], [record]],
    ['an attribute', source, [{ ...entry, mode: 0o600 }], [record]],
    ['what is there', source, [], [record]],
    ['the order', source, [entry, { ...entry, path: 'b' }].reverse(), [record]],
    ['the record', source, [entry], [file('var/lib/db/tool', 'changed')]],
    ['the name of the record', source, [entry], [file('var/lib/db/other', 'record')]],
  ] as const)('changes with %s', (_, from, entries, added) => {
    expect(segmentKey(from, entries, added)).not.toBe(key)
  })
})

describe('an archive that is not honest', () => {
  const folder = (path: string) => ({ entry: { ...attributes, path, type: 'directory', size: 0 } as const })

  it('is refused when it has a path twice, unless it is a folder both times', async () => {
    await expect(make(archiveOf(file('a', '1'), file('a', '2')))).rejects.toMatchObject({
      code: 'bad-archive',
      details: { path: '/a' },
    })
    await expect(make(archiveOf(folder('a'), file('a', '2')))).rejects.toThrow('/a twice')
    await expect(make(archiveOf(folder('a'), folder('a')))).resolves.toBeDefined()
  })

  it('is refused when it holds more than any package does', async () => {
    const huge = { entry: { ...attributes, path: 'huge', type: 'file', size: 16 * 2 ** 30 + 1 } as const }
    await expect(make(archiveOf(huge))).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('cannot bring a header and a content together that do not fit', async () => {
    for (const planned of [{ size: 2 }, { type: 'symlink', size: 1 } as const]) {
      const making = make(archiveOf(file('a', '1')), {
        decide: (entry) => ({ ...segmentEntry(entry, 'a'), ...planned }),
      })
      await expect(making).rejects.toMatchObject({ code: 'internal' })
    }
  })
})
