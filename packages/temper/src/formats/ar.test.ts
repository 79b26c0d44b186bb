import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { type ArOptions, readAr } from './ar.ts'
import { chunked } from './bytes/fixtures/chunked.ts'

function member(
  name: string,
  content: string,
  changes: { size?: string; end?: string; padding?: string } = {},
) {
  const size = changes.size ?? String(content.length)
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${size.padEnd(10)}${changes.end ?? '`\n'}`
  return header + content + (content.length % 2 === 1 ? (changes.padding ?? '\n') : '')
}

function archive(...members: string[]): Buffer {
  return Buffer.from(`!<arch>\n${members.join('')}`, 'latin1')
}

async function readAll(bytes: Buffer, options: Partial<ArOptions> & { chunk?: number } = {}) {
  const read: { name: string; size: number; text: string; there: string }[] = []
  for await (const one of readAr(chunked(bytes, options.chunk ?? 1000), { what: 'test.deb', ...options })) {
    const content = await collect(one.content, { limit: 1 << 20, what: one.name })
    const there = bytes.toString('latin1', one.offset, one.offset + one.size)
    read.push({ name: one.name, size: one.size, text: Buffer.from(content).toString('latin1'), there })
  }
  return read
}

describe('readAr', () => {
  it('reads members with plain, GNU and BSD names, in any chunks', async () => {
    const bytes = archive(
      member('debian-binary', '2.0\n'),
      member('control.tar.xz/', 'odd'),
      member('#1/12', 'data.tar.gz\0the data'),
    )
    for (const chunk of [1, 3, 60, 61, 1000]) {
      const read = await readAll(bytes, { chunk })
      expect(read.map(({ name, size, text }) => [name, size, text])).toEqual([
        ['debian-binary', 4, '2.0\n'],
        ['control.tar.xz', 3, 'odd'],
        ['data.tar.gz', 8, 'the data'],
      ])
      expect(read.map(({ there }) => there)).toEqual(['2.0\n', 'odd', 'the data'])
    }
  })

  it('passes over content that is not read', async () => {
    const names: string[] = []
    for await (const one of readAr(chunked(archive(member('a', 'odd'), member('b', 'x')), 10), {
      what: 'x',
    })) {
      names.push(one.name)
    }
    expect(names).toEqual(['a', 'b'])
  })

  it('does without the last padding byte', async () => {
    const bytes = archive(member('a', 'odd', { padding: '' }))
    expect(await readAll(bytes)).toMatchObject([{ name: 'a', text: 'odd' }])
  })

  it.each([
    ['another magic', Buffer.from('!<arch>X'), 'does not start'],
    ['nothing', Buffer.alloc(0), 'does not start'],
    ['half a header', archive(member('a', 'xx')).subarray(0, 40), 'cut off in a member header'],
    ['cut content', archive(member('a', 'xxxx')).subarray(0, -1), 'cut off in member a'],
    ['a wrong end mark', archive(member('a', '', { end: 'xx' })), 'end mark'],
    ['a size that is no number', archive(member('a', '', { size: '-1' })), 'not a number'],
    ['an empty size', archive(member('a', '', { size: ' ' })), 'not a number'],
    ['an empty name', archive(member('', '')), 'name'],
    ['a GNU name table', archive(member('//', 'x/\n')), 'name'],
    ['a GNU long name', archive(member('/0', 'xx')), 'name'],
    ['a path', archive(member('a/b', 'xx')), 'name'],
    ['a BSD name longer than its member', archive(member('#1/20', 'short')), 'length'],
    ['an absurd BSD name', archive(member('#1/99999', 'x'.repeat(99999))), 'length'],
    ['a missing padding byte', archive(member('a', 'odd', { padding: '' }), member('b', 'xx')), 'padding'],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'bad-archive',
      message: expect.stringContaining(reason),
    })
  })

  it('bounds the number of members', async () => {
    const bytes = archive(member('a', ''), member('b', ''), member('c', ''))
    await expect(readAll(bytes, { limits: { members: 2 } })).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('survives any damage with an error of its own', async () => {
    const bytes = archive(member('debian-binary', '2.0\n'), member('#1/4', 'nameodd'), member('c/', 'cc'))
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const copy = Buffer.from(bytes)
        for (const [at, byte] of changes) copy[at] = byte
        const result = await readAll(copy).catch((error: unknown) => error)
        expect(Array.isArray(result) || result instanceof TemperError).toBe(true)
      }),
    )
  })
})
