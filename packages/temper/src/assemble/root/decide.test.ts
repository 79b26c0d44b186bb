import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noInterpreter } from '../../model/hardening/hardening.ts'
import type { PackageEntry } from '../../model/package/package-content.ts'
import { sampleDistro, sampleHardening } from '../fixtures/sample.ts'
import { exclusionOf, latestTime, mapEntry, type PlacementOptions, segmentEntry } from './decide.ts'

const options: PlacementOptions = {
  mergedPath: sampleDistro().mergedPath,
  hardening: sampleHardening,
  hasInterpreter: () => true,
}

function entry(fields: Partial<PackageEntry> = {}): PackageEntry {
  return { path: 'bin/x', type: 'file', mode: 0o755, uid: 0, gid: 0, size: 3, mtime: 10, ...fields }
}

describe('an entry in the image', () => {
  it('has the name that it has in the merged /usr, and so has what a hard link shares', () => {
    expect(mapEntry(entry({ type: 'hardlink', target: 'bin/y' }), options)).toMatchObject({
      path: 'usr/bin/x',
      target: 'usr/bin/y',
    })
    // A symlink is a text: it is followed in the merged tree.
    expect(mapEntry(entry({ type: 'symlink', target: '/bin/y' }), options).target).toBe('/bin/y')
  })

  it('is never younger than the latest time, nor older than 1970', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.option(fc.nat(), { nil: undefined }), (mtime, latest) => {
        const given = latest === undefined ? options : { ...options, latest }
        const mapped = mapEntry(entry({ mtime }), given).mtime
        expect(mapped).toBe(Math.max(0, Math.min(mtime, latest ?? latestTime)))
      }),
    )
    expect(new Date(latestTime * 1000).toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })

  it('is judged under the name that it has there', () => {
    const asked: string[] = []
    const hardening = {
      ...sampleHardening,
      exclusionOf: ({ path }: PackageEntry) => {
        asked.push(path)
        return undefined
      },
    }
    exclusionOf(entry(), { ...options, hardening })
    expect(asked).toEqual(['usr/bin/x'])
  })

  it('is told whether interpreters will be there', () => {
    const hardening = {
      ...sampleHardening,
      exclusionOf: (_: PackageEntry, hasInterpreter: (path: string) => boolean) =>
        hasInterpreter('/usr/bin/perl') ? undefined : noInterpreter,
    }
    const has = (path: string) => path !== '/usr/bin/perl'
    expect(exclusionOf(entry(), { ...options, hardening })).toBeUndefined()
    expect(exclusionOf(entry(), { ...options, hardening, hasInterpreter: has })).toBe(noInterpreter)
  })
})

describe('an entry of a segment', () => {
  it('has what a header holds, and nothing that is known besides', () => {
    const full = entry({
      target: 't',
      xattrs: { 'user.a': 'AQ==' },
      device: { major: 1, minor: 2 },
      sha1: 'ab',
    })
    expect(segmentEntry({ ...full, shebang: ['/bin/sh'] }, 'bin/x')).toEqual({
      archivePath: 'bin/x',
      path: 'bin/x',
      type: 'file',
      mode: 0o755,
      uid: 0,
      gid: 0,
      size: 3,
      mtime: 10,
      target: 't',
      xattrs: { 'user.a': 'AQ==' },
      device: { major: 1, minor: 2 },
    })
    expect(Object.keys(segmentEntry(entry(), 'a'))).not.toContain('target')
  })
})
