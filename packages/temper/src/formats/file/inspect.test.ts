import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { buildElf } from '../elf/fixtures/fixture-elf.ts'
import { inspectFile, readHead } from './inspect.ts'

function entry(size: number, path = 'etc/app.conf'): FileEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 }
}

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const all = { capture: () => true }

describe('what is learned of a file', () => {
  it('is the same in whatever pieces it comes', async () => {
    const script = Buffer.from(`#!/usr/bin/env python3\n${'x = 1\n'.repeat(100)}`)
    const whole = await inspectFile(entry(script.length), inPieces(script, script.length), all)
    expect(whole.entry).toMatchObject({ digest: sha256(script), shebang: ['/usr/bin/env', 'python3'] })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
        expect(await inspectFile(entry(script.length), inPieces(script, size), all)).toEqual(whole)
      }),
      { numRuns: 30 },
    )
    expect(Buffer.from(whole.captured ?? []).equals(script)).toBe(true)
  })

  it('holds what the loader would need to know', async () => {
    const elf = buildElf({ needed: ['libc.so.6'] })
    const { entry: inspected, captured } = await inspectFile(entry(elf.length), inPieces(elf, 1000), {
      capture: () => false,
    })
    expect(inspected.elf?.needed).toEqual(['libc.so.6'])
    expect(captured).toBeUndefined()
  })

  it.each([
    [4 * 1024 * 1024, true],
    [4 * 1024 * 1024 + 1, false],
  ])('has the content of a file of %d bytes: %s', async (size, kept) => {
    const bytes = new Uint8Array(size)
    const { captured } = await inspectFile(entry(size), inPieces(bytes, 1 << 20), all)
    expect(captured?.length).toBe(kept ? size : undefined)
  })

  it('of what is no file is what its entry says', async () => {
    const folder: FileEntry = { ...entry(0), type: 'directory' }
    expect(await inspectFile(folder, inPieces(new Uint8Array(), 1), all)).toEqual({ entry: folder })
  })
})

describe('the head of a file', () => {
  it.each([0, 1, 255, 256, 257, 1000])('of %d bytes is read without losing any', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251)
    for (const piece of [1, 100, 256, 1000]) {
      const { head, whole } = await readHead(inPieces(bytes, piece))
      expect(head.length).toBe(Math.min(256, size))
      expect(Buffer.from(await collect(whole, { limit: 2000, what: 'it' })).equals(bytes)).toBe(true)
    }
  })
})
