import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { damage } from '../../base/fixtures/damage.ts'
import { openSegmentFile, SegmentTrailer } from './segment-file.ts'

let path = ''
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'temper-segment-')), 'segment')
})
afterAll(() => rm(join(path, '..'), { recursive: true }))

const key = sha256('key')
const members = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })

function segment(parts: readonly Uint8Array[]): Buffer {
  const trailer = new SegmentTrailer()
  for (const part of parts) trailer.add(part)
  return Buffer.concat([...parts, trailer.bytes(key)])
}

/** Each member, undefined for damaged ones; undefined when the segment cannot be opened. */
async function membersOf(
  bytes: Uint8Array,
  of = key,
): Promise<readonly (Uint8Array | undefined)[] | undefined> {
  await writeFile(path, bytes)
  const file = await openSegmentFile(path, of)
  if (!file) return undefined
  try {
    const all: (Uint8Array | undefined)[] = []
    for (let i = 0; i < file.count; i++) {
      const member = await file.member(i)
      all.push(member && new Uint8Array(member))
    }
    expect(await file.member(file.count)).toBeUndefined()
    return all
  } finally {
    await file.close()
  }
}

it('gives each member as one chunk', async () => {
  await fc.assert(
    fc.asyncProperty(members, async (parts) => {
      expect(await membersOf(segment(parts))).toEqual(parts)
    }),
    { numRuns: 50 },
  )
})

it('is none without its end, and none of another key', async () => {
  const whole = segment([Buffer.alloc(70_000, 1), Buffer.alloc(30, 2)])
  for (const length of [0, 3, 4, 35, 36, 100, 70_000, whole.length - 4, whole.length - 1])
    expect(await membersOf(whole.subarray(0, length))).toBeUndefined()
  expect(await membersOf(Buffer.concat([whole, Buffer.alloc(1)]))).toBeUndefined()
  expect(await membersOf(whole, sha256('another'))).toBeUndefined()
})

it('gives the members that were written or none of them, whatever is flipped, cut off, zeroed or added', async () => {
  await fc.assert(
    fc.asyncProperty(members, damage, async (parts, { apply }) => {
      const kept = await membersOf(apply(segment(parts)))
      if (kept === undefined) return
      expect(kept.length).toBe(parts.length)
      for (const [i, member] of kept.entries()) if (member) expect(member).toEqual(parts[i])
    }),
    { numRuns: 300 },
  )
})

it('finds damage in a member, and leaves the others', async () => {
  const bytes = segment([Buffer.from('one'), Buffer.from('two'), Buffer.from('three')])
  bytes[4] = 0
  expect(await membersOf(bytes)).toEqual([
    new Uint8Array(Buffer.from('one')),
    undefined,
    new Uint8Array(Buffer.from('three')),
  ])
})

it('is not there when there is no file, and leaves none open', async () => {
  expect(await openSegmentFile(`${path}-missing`, key)).toBeUndefined()
  const before = (await readdir('/proc/self/fd')).length
  for (let i = 0; i < 20; i++) expect(await membersOf(Buffer.alloc(i * 7))).toBeUndefined()
  expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10)
})
