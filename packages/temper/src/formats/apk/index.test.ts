import { generateKeyPairSync, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../tar/write.ts'
import { parseRecords, readApkIndex } from './index.ts'
import { readGzipMember } from './members.ts'
import { apkFields } from './record.ts'
import { parseRelations } from './relation.ts'
import { parseApkKey } from './signature.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }))
const keys = [parseApkKey({ name: 'keys/test.rsa.pub', bytes: pem })]

function tar(path: string, content: Uint8Array): Buffer {
  const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 5 } as const
  return Buffer.concat([encodeTarHeader(entry), content, tarPadding(content.length)])
}

const paragraph = `C:Q1${'A'.repeat(27)}=\nP:tool\nV:1.0-r0\nA:x86_64\nS:10\nI:20\nT:A tool\nD:musl>=1 !bad\n\n`

function signedIndex(text: string): Buffer {
  const member = gzipSync(Buffer.concat([tar('APKINDEX', Buffer.from(text)), tarEnd]))
  return Buffer.concat([
    gzipSync(tar('.SIGN.RSA256.test.rsa.pub', sign('sha256', member, privateKey))),
    member,
  ])
}

const read = (bytes: Uint8Array) => readApkIndex(bytes, { keys, what: 'index' })

describe('an index', () => {
  test('is read when a trusted key signed it', async () => {
    const { records, signers, time } = await read(signedIndex(paragraph))
    expect(records).toMatchObject([{ name: 'tool', version: '1.0-r0', size: 10, depends: 'musl>=1 !bad' }])
    expect(signers.map(({ name }) => name)).toEqual(['test.rsa.pub'])
    expect(time).toBe(5)
    // What is written of a record is what was read.
    expect(
      records
        .flatMap((record) => apkFields(record).map(([letter, value]) => `${letter}:${value}\n`))
        .join(''),
    ).toBe(paragraph.slice(0, -1))
  })

  test('with any byte changed or cut off is refused with one clear error, or says the same', async () => {
    const whole = signedIndex(paragraph)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = byte
        const outcome = await read(bytes).catch((thrown: unknown) => thrown)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TemperError)
        else expect(outcome).toMatchObject({ records: [{ name: 'tool', version: '1.0-r0' }] })
      }),
      { numRuns: 400 },
    )
  })

  test('of any text gives packages that can be named in a path, or one clear error', () => {
    const line = fc.oneof(
      fc.constantFrom(
        ...paragraph.split('\n'),
        'P:../x',
        'V:/',
        'A:..',
        'S:1e9',
        'I:-1',
        'k:x',
        'D:a=b=c',
        '',
        ':',
        'Z',
        'PP:x',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        try {
          for (const { name, version } of parseRecords(lines.join('\n'), 'index'))
            expect(`${name}-${version}.apk`).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._~+-]+\.apk$/)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
    )
    expect(() => parseRecords(`P:${'a'.repeat(2 << 20)}`, 'index')).toThrow(/more than 1048576 characters/)
  })
})

test('any list of dependencies is read or refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom('a', '!', '=', '<', '~', '@', ' ', 'so:', '1')).map((all) => all.join('')),
      ),
      (text) => {
        try {
          for (const { name } of parseRelations(text, 'test')) expect(name).not.toMatch(/[\s<>=~@!]/)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      },
    ),
  )
})

test('members end where they end, with optional parts of their headers', () => {
  const plain = gzipSync('one')
  const named = Buffer.concat([
    plain.subarray(0, 3),
    Buffer.from([0x08]),
    plain.subarray(4, 10),
    Buffer.from('name\0'),
    plain.subarray(10),
  ])
  const both = Buffer.concat([named, gzipSync('two')])
  const first = readGzipMember(both, 0, { what: 'test', limit: 10 })
  expect([Buffer.from(first.content).toString(), first.end]).toEqual(['one', named.length])
  expect(Buffer.from(readGzipMember(both, first.end, { what: 'test', limit: 10 }).content).toString()).toBe(
    'two',
  )
  expect(() => readGzipMember(both, 0, { what: 'test', limit: 2 })).toThrow(/more than 2 bytes/)
})
