import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apply } from '../../../debian/effects/fixtures/packages.ts'

function certificate(name: string): string {
  return readFileSync(new URL(`../../../../formats/crypto/fixtures/ca-${name}.crt`, import.meta.url), 'utf8')
}

const store = 'usr/share/ca-certificates'
const files = {
  [`${store}/mozilla/Plain.crt`]: certificate('plain'),
  [`${store}/mozilla/Same (2), Again.crt`]: certificate('same'),
  [`${store}/mozilla/Copy.crt`]: certificate('plain').trimEnd(),
  [`${store}/multi.crt`]: certificate('multi'),
}
const postinst =
  'update-ca-certificates --hooksdir ""\ndpkg-trigger --no-await update-ca-certificates\necho x >> /etc/ca-certificates.conf'

describe('ca-bundle', () => {
  const outcome = apply([{ name: 'ca-certificates', files, postinst }])

  it('joins the certificates in the order of their paths', () => {
    const bundle = outcome.at('etc/ssl/certs/ca-certificates.crt')
    const inOrder = ['plain', 'plain', 'same', 'multi'].map(certificate).join('')
    expect(bundle).toBe(`file 644 0:0 ${inOrder}`)
    expect(outcome.at('etc/ca-certificates.conf')).toBe(
      'file 644 0:0 mozilla/Copy.crt\nmozilla/Plain.crt\nmozilla/Same (2), Again.crt\nmulti.crt\n',
    )
    expect(outcome.notes('ca-bundle')).toEqual(['4 certificates'])
    expect(outcome.reports).toEqual([])
  })

  it('links by name as update-ca-certificates does', () => {
    expect(outcome.at('etc/ssl/certs/Plain.pem')).toBe(`→ /${store}/mozilla/Plain.crt`)
    expect(outcome.at('etc/ssl/certs/Same_=2=__Again.pem')).toBe(`→ /${store}/mozilla/Same (2), Again.crt`)
  })

  it('links by hash: equal names are counted, equal certificates have one link', () => {
    expect(outcome.at('etc/ssl/certs/72ff4f2e.0')).toBe('→ Copy.pem')
    expect(outcome.at('etc/ssl/certs/72ff4f2e.1')).toBe('→ Same_=2=__Again.pem')
    expect(outcome.at('etc/ssl/certs/72ff4f2e.2')).toBeUndefined()
    expect(outcome.at('etc/ssl/certs/852ee267.0')).toBe('→ multi.pem')
  })

  it('refuses a file with several certificates, naming it', () => {
    const two = { [`${store}/two.crt`]: certificate('plain') + certificate('same') }
    expect(() => apply([{ name: 'x', files: two }])).toThrow(/two\.crt: expected one certificate, found 2/)
  })

  it('ends when links to folders go in circles', () => {
    const loops = Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [`${store}/mozilla/${name}`, { type: 'symlink', target: '.' } as const]),
    )
    const looped = apply([{ name: 'ca-certificates', files: { ...files, ...loops }, postinst }])
    expect(looped.notes('ca-bundle')).toEqual(['4 certificates'])
  })

  it('makes nothing when there is nothing to trust', () => {
    expect(apply([]).at('etc/ssl/certs/ca-certificates.crt')).toBeUndefined()
  })
})

describe('java-truststore', () => {
  const ca = { name: 'ca-certificates', files: { [`${store}/mozilla/Plain.crt`]: certificate('plain') } }
  const postinst = [
    'CACERTS=/etc/ssl/certs/java/cacerts',
    'touch /var/lib/ca-certificates-java/fresh',
    'if ! java -version 2> /dev/null; then echo "no JRE"; exit 0; fi',
    'for pem in $(find /etc/ssl/certs -name \\*.pem); do echo "+$pem" >> /var/lib/ca-certificates-java/fresh; done',
    'java -Xmx64m -jar /usr/share/ca-certificates-java/ca-certificates-java.jar -storepass changeit',
    'rm -f /var/lib/ca-certificates-java/fresh',
  ].join('\n')

  it('writes a key store with the times of the package', () => {
    const outcome = apply([ca, { name: 'ca-certificates-java', postinst }])
    const change = outcome.changes.find(
      (each) => each.kind === 'put' && each.entry.path === 'etc/ssl/certs/java/cacerts',
    )
    const bytes = Buffer.from((change?.kind === 'put' && change.content) || [])
    expect(bytes.subarray(0, 12).toString('hex')).toBe('feedfeed0000000200000001')
    expect(bytes.includes('debian:plain.pem')).toBe(true)
    expect(bytes.readBigInt64BE(16 + 2 + 'debian:plain.pem'.length)).toBe(1_700_000_000_000n)
    expect(outcome.notes('java-truststore')).toEqual(['1 certificates'])
    expect(outcome.reports).toEqual([])
  })

  it('is there for a JRE whose list is a link, and not otherwise', () => {
    const jre = {
      name: 'jre',
      files: {
        'usr/lib/jvm/java-21/lib/security/cacerts': {
          type: 'symlink',
          target: '/etc/ssl/certs/java/cacerts',
        } as const,
      },
    }
    expect(apply([ca, jre]).notes('java-truststore')).toHaveLength(1)
    expect(apply([ca]).notes('java-truststore')).toHaveLength(0)
  })
})
