import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isWholeSegment, readSegmentMembers, segmentTrailer } from './segment-file.ts'

let path = ''
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'temper-segment-')), 'segment')
})
afterAll(() => rm(join(path, '..'), { recursive: true }))

const members = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })

async function membersOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  await writeFile(path, bytes)
  const found: Uint8Array[] = []
  for await (const member of readSegmentMembers(path)) found.push(new Uint8Array(member))
  return found
}

function segment(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, segmentTrailer(parts.map(({ length }) => length))])
}

it('gives each member as one chunk', async () => {
  await fc.assert(
    fc.asyncProperty(members, async (parts) => {
      expect(await membersOf(segment(parts))).toEqual(parts)
      expect(await isWholeSegment(path)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

it('knows a segment that lacks its end', async () => {
  const whole = segment([Buffer.alloc(70_000, 1), Buffer.alloc(30, 2)])
  for (const length of [0, 3, 4, 100, 70_000, whole.length - 4, whole.length - 1]) {
    await expect(membersOf(whole.subarray(0, length))).rejects.toMatchObject({ code: 'file-system' })
    expect(await isWholeSegment(path)).toBe(false)
  }
})

it('gives the members that were written, or an error, whatever the file holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
      const found = await membersOf(bytes).catch((error: { code: string }) => error.code)
      if (found === 'file-system') expect(await isWholeSegment(path)).toBe(false)
      else expect(segment(found as Uint8Array[])).toEqual(Buffer.from(bytes))
    }),
    { numRuns: 200 },
  )
})

it('is not there when there is no file', async () => {
  expect(await isWholeSegment(`${path}-missing`)).toBe(false)
})
