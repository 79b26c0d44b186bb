import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isJks, readJks, writeJks } from './jks.ts'
import { readPem } from './pem.ts'

const names = ['plain', 'unicode', 'multi']

function store(): Uint8Array {
  const certificates = names.map((name) => {
    const text = readFileSync(new URL(`./fixtures/ca-${name}.crt`, import.meta.url), 'utf8')
    const [block] = readPem(text, { what: name })
    return {
      alias: `debian:${name === 'unicode' ? 'Főtanúsítvány' : name}.PEM`,
      certificate: block?.bytes ?? new Uint8Array(),
      date: 1_700_000_000_000,
    }
  })
  return writeJks(certificates, { password: 'changeit' })
}

describe('writeJks', () => {
  it('writes header, entries and a keyed SHA-1 at the end', () => {
    const bytes = Buffer.from(
      writeJks([{ alias: 'A', certificate: new Uint8Array([7]), date: 258 }], { password: 'p' }),
    )
    const body =
      'feedfeed' +
      '00000002' +
      '00000001' +
      '00000002' +
      '000161' +
      '0000000000000102' +
      '0005582e353039' +
      '00000001' +
      '07'
    expect(bytes.subarray(0, -20).toString('hex')).toBe(body)
    const hash = createHash('sha1')
      .update(Buffer.from([0, 0x70]))
      .update('Mighty Aphrodite')
      .update(Buffer.from(body, 'hex'))
    expect(bytes.subarray(-20).toString('hex')).toBe(hash.digest('hex'))
  })

  it('gives equal bytes for equal input', () => {
    expect(Buffer.compare(store(), store())).toBe(0)
  })

  it.skipIf(!hasKeytool())('is read by keytool, which checks the password', () => {
    const folder = mkdtempSync(join(tmpdir(), 'temper-jks-'))
    try {
      const path = join(folder, 'cacerts')
      writeFileSync(path, store())
      const list = (password: string) =>
        execFileSync('keytool', ['-list', '-rfc', '-keystore', path, '-storepass', password], {
          encoding: 'utf8',
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
          stdio: ['ignore', 'pipe', 'ignore'],
        })
      const text = list('changeit')
      expect(text).toContain('Keystore type: JKS')
      expect(text.match(/trustedCertEntry/g)).toHaveLength(names.length)
      expect(text).toContain('Alias name: debian:plain.pem')
      expect(text).toContain('Alias name: debian:főtanúsítvány.pem')
      expect(() => list('wrong-password')).toThrow()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function hasKeytool(): boolean {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('reading key stores', () => {
  const certificates = names.map((name) => {
    const text = readFileSync(new URL(`./fixtures/ca-${name}.crt`, import.meta.url), 'utf8')
    return Buffer.from(readPem(text, { what: name })[0]?.bytes ?? []).toString('hex')
  })
  const hex = (encoded: readonly Uint8Array[]) => encoded.map((each) => Buffer.from(each).toString('hex'))

  it('gives back what was written', () => {
    const bytes = store()
    expect(isJks(bytes)).toBe(true)
    expect(readJks(bytes)).not.toHaveProperty('damaged')
    expect(hex(readJks(bytes).certificates)).toEqual(certificates)
  })

  it.each([4, 11, 40, 200, 900])('tells of one that ends after %i bytes, with what came before', (size) => {
    const { certificates: intact, damaged } = readJks(store().subarray(0, size))
    expect(damaged).toBe(true)
    expect(certificates.slice(0, intact.length)).toEqual(hex(intact))
  })

  it('takes no counts from outside for granted', () => {
    const many = Buffer.from(store())
    many.writeUInt32BE(0xffff_ffff, 8)
    expect(readJks(many)).toEqual({ certificates: [], damaged: true })
    expect(readJks(Buffer.from('feedfeed000000020000000100000001', 'hex'))).toMatchObject({ damaged: true })
    expect(readJks(Buffer.alloc(0))).toMatchObject({ damaged: true })
  })
})
