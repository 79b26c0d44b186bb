import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isJks } from './jks.ts'
import { readPem } from './pem.ts'
import { isPkcs12, readPkcs12 } from './pkcs12.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-pkcs12-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const pem = new URL('./fixtures/ca-plain.crt', import.meta.url).pathname
const certificate = Buffer.from(readPem(readFileSync(pem, 'utf8'), { what: pem })[0]?.bytes ?? [])
const hex = (encoded: readonly Uint8Array[]) => encoded.map((each) => Buffer.from(each).toString('hex'))

function exported(password: string, ...more: readonly string[]): Buffer {
  const out = join(folder, 'store.p12')
  const args = ['pkcs12', '-export', '-nokeys', '-in', pem, '-out', out, '-passout', `pass:${password}`]
  execFileSync('openssl', [...args, ...more], { stdio: 'ignore' })
  return readFileSync(out)
}

/** Ciphers that openssl has moved to a module of its own, which is not installed everywhere. */
const hasLegacy = spawnSync('openssl', ['list', '-cipher-algorithms', '-provider', 'legacy']).status === 0
const hasKeytool = spawnSync('keytool', ['-help']).status === 0

describe('certificates of a store that openssl made', () => {
  it.each([
    ['without encryption', 'changeit', ['-certpbe', 'NONE', '-nomac']],
    ['with what it takes by itself', 'changeit', []],
    ['with AES of 128 bits', 'changeme', ['-certpbe', 'AES-128-CBC']],
    ['with AES of 192 bits', '', ['-certpbe', 'AES-192-CBC']],
    ['with Triple DES in PBES2', 'password', ['-certpbe', 'DES-EDE3-CBC']],
    ['with Triple DES of PKCS #12', 'changeit', ['-certpbe', 'PBE-SHA1-3DES']],
    ['with Triple DES of two keys', 'changeit', ['-certpbe', 'PBE-SHA1-2DES']],
    ['with many rounds', 'changeit', ['-iter', '50000']],
  ])('%s', (_, password, options) => {
    const bytes = exported(password, ...options)
    expect(isPkcs12(bytes)).toBe(true)
    expect(readPkcs12(bytes)).not.toHaveProperty('unread')
    expect(hex(readPkcs12(bytes).certificates)).toEqual([certificate.toString('hex')])
  })

  it.runIf(hasLegacy).each(['PBE-SHA1-RC2-40', 'PBE-SHA1-RC2-128'])('with %s', (name) => {
    const bytes = exported('changeit', '-legacy', '-certpbe', name)
    expect(hex(readPkcs12(bytes).certificates)).toEqual([certificate.toString('hex')])
  })

  it('with another password are told as not read', () => {
    expect(readPkcs12(exported('nobody knows it'))).toEqual({
      certificates: [],
      unread: 'it is encrypted with an unusual password',
    })
  })

  it('with more rounds than anybody waits for, too', () => {
    const bytes = exported('changeit', '-iter', '3000000')
    expect(readPkcs12(bytes)).toEqual({
      certificates: [],
      unread: 'trying passwords takes more than 1000000 rounds of hashing',
    })
  })
})

it('stores together cost no more than one may', () => {
  const rounds = { left: 5000 }
  const bytes = exported('changeit')
  expect([1, 2, 3].map(() => readPkcs12(bytes, rounds).certificates.length)).toEqual([1, 1, 0])
})

describe.runIf(hasKeytool)('certificates of a store that keytool made', () => {
  it.each(['PKCS12', 'JKS'])('%s', (type) => {
    const out = join(folder, `store.${type}`)
    const args = ['-importcert', '-noprompt', '-alias', 'a', '-file', pem, '-keystore', out]
    execFileSync('keytool', [...args, '-storetype', type, '-storepass', 'changeit'], { stdio: 'ignore' })
    const bytes = readFileSync(out)
    expect([isPkcs12(bytes), isJks(bytes)]).toEqual([type === 'PKCS12', type === 'JKS'])
    if (type === 'PKCS12') expect(hex(readPkcs12(bytes).certificates)).toEqual([certificate.toString('hex')])
  })
})

describe('what somebody made to confuse', () => {
  it('ends anywhere', () => {
    const bytes = exported('changeit')
    for (let size = 0; size < bytes.length; size += 7)
      expect(readPkcs12(bytes.subarray(0, size))).toEqual({ certificates: [], unread: 'it is damaged' })
  })

  it('has any byte changed', () => {
    const bytes = exported('changeit', '-iter', '1')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0xff
      expect(readPkcs12(changed).certificates.length).toBeLessThanOrEqual(1)
    }
  })

  it.each([
    ['nothing', ''],
    ['lengths that are not there', '3080020103'],
    ['values in values without end', '3080'.repeat(10_000)],
    ['a length of more than there is', '3084ffffffff'],
    ['a tag of several octets', '301f8103020103'],
  ])('%s', (_, text) => {
    expect(readPkcs12(Buffer.from(text, 'hex'))).toEqual({ certificates: [], unread: 'it is damaged' })
  })

  it('is of indefinite length, as some programs write', () => {
    const bytes = exported('changeit', '-certpbe', 'NONE', '-nomac')
    const at = (bytes[1] ?? 0) & 0x80 ? 2 + ((bytes[1] ?? 0) & 0x7f) : 2
    const loose = Buffer.concat([Buffer.from('3080', 'hex'), bytes.subarray(at), Buffer.from('0000', 'hex')])
    expect(hex(readPkcs12(loose).certificates)).toEqual([certificate.toString('hex')])
  })
})
