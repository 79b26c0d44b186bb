import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPem } from './pem.ts'
import { openSslNameHash, subjectOf } from './x509-name.ts'

// What `openssl x509 -hash` of OpenSSL 3.0 says of the fixtures.
const hashes = {
  plain: '72ff4f2e',
  same: '72ff4f2e',
  spaces: 'b494e900',
  unicode: '84b999dc',
  bmp: '5f99ca69',
  multi: '852ee267',
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/ca-${name}.crt`, import.meta.url))
}

function hashOf(name: string): string | undefined {
  const [block] = readPem(readFileSync(fixture(name), 'utf8'), { what: name })
  const subject = block && subjectOf(block.bytes)
  return subject && openSslNameHash(subject)
}

describe('openSslNameHash', () => {
  it.each(Object.entries(hashes))('gives the hash of %s', (name, hash) => {
    expect(hashOf(name)).toBe(hash)
  })

  it.skipIf(!hasOpenSsl())('agrees with the openssl of the host', () => {
    for (const name of Object.keys(hashes)) {
      const hash = execFileSync('openssl', ['x509', '-hash', '-noout', '-in', fixture(name)], {
        encoding: 'utf8',
      })
      expect(hashOf(name)).toBe(hash.trim())
    }
  })

  it('answers undefined for damaged bytes and never throws', () => {
    expect(openSslNameHash(new Uint8Array([0x30, 0x05, 0x01]))).toBeUndefined()
    expect(subjectOf(new Uint8Array())).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['string', 'undefined']).toContain(typeof openSslNameHash(bytes))
        const subject = subjectOf(bytes)
        expect(subject === undefined || subject instanceof Uint8Array).toBe(true)
      }),
    )
  })

  it('survives a certificate with any byte changed', () => {
    const [block] = readPem(readFileSync(fixture('plain'), 'utf8'), { what: 'plain' })
    const good = block?.bytes ?? new Uint8Array()
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = Uint8Array.from(good)
        bytes[at] = value
        const subject = subjectOf(bytes)
        if (subject) expect(openSslNameHash(subject) ?? '00000000').toMatch(/^[0-9a-f]{8}$/)
      }),
    )
  })
})

function hasOpenSsl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
