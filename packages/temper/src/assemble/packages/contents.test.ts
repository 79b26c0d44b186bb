import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import type { Distro } from '../../model/distro.ts'
import type { ChangelogFacts } from '../../model/package/changelog.ts'
import { lockedPackage, type SamplePackage, sampleDistro, sampleHardening } from '../fixtures/sample.ts'
import { AssemblyCache } from './cache.ts'
import { type ContentsOptions, readContents } from './contents.ts'
import { databaseRecord } from './database.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-contents-'))
})
afterEach(() => rm(folder, { recursive: true }))

const tool: SamplePackage = {
  name: 'tool',
  files: [
    ['usr/bin/tool', 'tool'],
    ['usr/share/doc/tool/copyright', 'MIT text'],
    ['usr/share/doc/tool/changelog', 'short'],
    ['usr/share/doc/tool/changelog.Debian', 'long'],
  ],
}

const changes = (path: string): ChangelogFacts => ({ path, fixes: [] }) as unknown as ChangelogFacts

/** A distribution that reads copyright files and changelogs. */
function readingDistro(packages: readonly SamplePackage[]): Distro {
  return {
    ...sampleDistro(packages),
    captures: (path) => path === 'etc/wanted',
    statesLicence: (path) => path.endsWith('/copyright'),
    readLicence: (bytes) => ({ expression: Buffer.from(bytes).toString(), texts: {} }),
    statesChanges: (path) => path.includes('/changelog'),
    readChanges: (path) => changes(path),
  }
}

async function read(packages: readonly SamplePackage[], options: Partial<ContentsOptions> = {}) {
  const distro = options.distro ?? readingDistro(packages)
  const spec = defaultCompressor('gzip')
  return await readContents(packages.map(lockedPackage), {
    distro,
    cache: new AssemblyCache(folder),
    compressor: await createCompressor(spec),
    spec,
    decide: { mergedPath: distro.mergedPath, hardening: sampleHardening, hasInterpreter: () => true },
    captures: (path) => path === 'etc/proved',
    openArchive: ({ name }) => distro.openArchive(name),
    concurrency: 2,
    ...options,
  })
}

describe('what packages hold', () => {
  it('comes in the order of the packages, whichever is read first', async () => {
    const names = ['c', 'a', 'b']
    const contents = await read(names.map((name) => ({ name, files: [[`usr/${name}`, name]] })))
    expect(contents.map(({ package: { name }, content }) => [name, content.entries[0]?.path])).toEqual(
      names.map((name) => [name, `usr/${name}`]),
    )
  })

  it('has what licences and changelogs state in place of their text', async () => {
    const [first] = await read([tool])
    expect(first?.content.licences).toEqual({
      'usr/share/doc/tool/copyright': { expression: 'MIT text', texts: {} },
    })
    // The longest path is the distribution's own.
    expect(first?.content.changelog?.path).toBe('usr/share/doc/tool/changelog.Debian')
    expect(first?.content.captured).toEqual({})
  })

  it('has the contents that distribution and proof ask for', async () => {
    const files: SamplePackage['files'] = ['etc/wanted', 'etc/proved', 'etc/other'].map((path) => [
      path,
      path,
    ])
    const [first] = await read([{ name: 'tool', files }])
    expect(Object.keys(first?.content.captured ?? {})).toEqual(['etc/wanted', 'etc/proved'])
  })

  it('has what its scripts put elsewhere', async () => {
    const [diverting, plain] = await read([
      { ...tool, own: { diverts: 'usr/x usr/y' } },
      { ...tool, name: 'plain' },
    ])
    expect(diverting?.content.diversions).toEqual([{ by: 'tool', from: 'usr/x', to: 'usr/y' }])
    expect(plain?.content).not.toHaveProperty('diversions')
  })

  it('is read once: from then on the cache has it', async () => {
    let opened = 0
    const distro = readingDistro([tool])
    const openArchive: ContentsOptions['openArchive'] = ({ name }) => {
      opened++
      return distro.openArchive(name)
    }
    const first = await read([tool], { distro, openArchive })
    expect(await read([tool], { distro, openArchive })).toEqual(first)
    expect(opened).toBe(1)
  })

  it('is told while it is read', async () => {
    const steps: string[] = []
    const progress = {
      advance: (amount: number, what = '') => void steps.push(`${what} ${amount}`),
      done: () => {},
    }
    await read([tool], { progress: progress as NonNullable<ContentsOptions['progress']> })
    expect(steps).toEqual(['tool 1000'])
  })
})

describe('the record of a package in the database', () => {
  const [plan] = [
    {
      name: 'tool',
      files: [
        ['usr/a', 'a', { mtime: 50 }],
        ['usr/b', 'b', { mtime: 70 }],
      ],
    },
  ] as const
  it('lists what the image has, and is as old as the newest file', async () => {
    const [first] = await read([plan])
    const content = first?.content ?? fail()
    const kept = [{ ...content.entries[0], archivePath: 'usr/a' }] as Parameters<typeof databaseRecord>[1]
    const record = (latest?: number) => databaseRecord(content, kept, { distro: sampleDistro(), latest })
    expect(
      record().map(({ entry, content: bytes }) => [entry.path, entry.mtime, String(Buffer.from(bytes))]),
    ).toEqual([['var/lib/db/tool', 70, 'usr/a\n']])
    expect(record(60)[0]?.entry.mtime).toBe(60)
  })
})

function fail(): never {
  throw new Error('the package should be there')
}
