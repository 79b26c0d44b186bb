import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { ImageSubject } from '../subject.ts'
import { nameOf, trustStoreOf } from './trusted-certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'temper-trusted-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (command: string, ...words: readonly string[]) =>
  spawnSync(command, words, { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }).status === 0
const certificates = ['one', 'two', 'three'] as const
const subjects = { one: '/CN=Example one', two: '/O=Example/CN=Example two', three: '/O=No name of its own' }
const isMade = certificates.every((name) =>
  run(
    'openssl',
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
    ...['-subj', subjects[name], '-keyout', `${name}.key`, '-out', `${name}.pem`],
  ),
)
const read = (name: string) => readFileSync(join(folder, name))
const pem = (...names: readonly string[]) => Buffer.concat(names.map((name) => read(`${name}.pem`)))
const printOf = (name: string) => new X509Certificate(read(`${name}.pem`)).fingerprint256

/** Files of an image that have content, by path. */
function storeOf(files: Readonly<Record<string, Uint8Array | undefined>>) {
  const nodes = new Map(
    Object.entries(files).map(([path, content]) => {
      const node = {
        path,
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        size: content?.length ?? 9 << 20,
        mtime: 0,
      }
      return [path, { ...node, ...(content === undefined ? {} : { content }) } as TreeNode]
    }),
  )
  const root = { resolve: (path: string) => nodes.get(path), nodes: () => nodes.values() }
  return trustStoreOf({ root } as unknown as Pick<ImageSubject, 'root'>)
}

const bundle = 'etc/ssl/certs/ca-certificates.crt'
const fingerprints = (store: ReturnType<typeof storeOf>) =>
  store.certificates.map(({ certificate }) => certificate.fingerprint256)

describe.skipIf(!isMade)('bundles in PEM', () => {
  it('have each certificate once, however many bundles have it, with what stands between them passed over', () => {
    const text = Buffer.concat([
      Buffer.from('# Example\n'),
      pem('one'),
      Buffer.from('\n\nnotes\n'),
      pem('two', 'one'),
    ])
    const store = storeOf({ [bundle]: text, 'etc/pki/tls/certs/ca-bundle.crt': pem('two', 'three') })
    expect(fingerprints(store)).toEqual([printOf('one'), printOf('two'), printOf('three')])
    expect(store.unreadable).toEqual([])
    expect(store.certificates.map((each) => nameOf(each))).toEqual([
      'Example one',
      'Example two',
      'O=No name of its own',
    ])
  })

  it('of which a part cannot be read are told, and the rest counts', () => {
    const broken = pem('two')
      .toString()
      .replace(/\n[A-Za-z0-9+/=]{64}\n/, '\n')
    const store = storeOf({ [bundle]: Buffer.concat([pem('one'), Buffer.from(broken), pem('three')]) })
    expect(fingerprints(store)).toEqual([printOf('one'), printOf('three')])
    expect(store.unreadable).toMatchObject([
      { node: { path: bundle }, why: expect.stringMatching(/cannot be read/) },
    ])
  })

  it('that are too large to be held are told', () => {
    expect(storeOf({ [bundle]: undefined }).unreadable).toMatchObject([
      { why: expect.stringMatching(/it has \d+ bytes/) },
    ])
  })

  it('elsewhere are nobody’s trust', () => {
    expect(
      fingerprints(storeOf({ 'opt/app/ca.pem': pem('one'), 'etc/ssl/certs/other.crt': pem('two') })),
    ).toEqual([])
  })

  it('whatever is in them, are read or told', () => {
    const whole = pem('one', 'two')
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, cut) => {
        const content = Buffer.from(whole)
        content[at] = value
        const store = storeOf({ [bundle]: content.subarray(0, cut) })
        expect(store.certificates.length).toBeLessThanOrEqual(2)
        // What lies whole before the change is not lost in silence.
        const first = pem('one').length
        if (at >= first && cut >= first && store.unreadable.length === 0)
          expect(fingerprints(store)[0]).toBe(printOf('one'))
      }),
      { numRuns: 60, seed: 97 },
    )
  })
})

describe.skipIf(!isMade)('key stores', () => {
  const keytool = (file: string, type: string, name: string) =>
    run(
      'keytool',
      '-importcert',
      '-noprompt',
      '-alias',
      name,
      '-file',
      `${name}.pem`,
      '-keystore',
      file,
      '-storetype',
      type,
      '-storepass',
      'changeit',
    )
  let hasKeytool = false
  beforeAll(() => {
    hasKeytool = ['jks', 'pkcs12'].every((type) =>
      ['one', 'two'].every((name) => keytool(`store.${type}`, type, name)),
    )
  }, 120_000)

  it.each([
    ['jks', 'usr/lib/jvm/java-21/lib/security/cacerts'],
    ['pkcs12', 'etc/ssl/certs/java/cacerts'],
    ['jks', 'etc/pki/java/cacerts'],
    ['pkcs12', 'opt/app/truststore.p12'],
  ])('of Java (%s) at %s have what keytool has put into them', (type, path) => {
    if (!hasKeytool) return
    const store = storeOf({ [path]: read(`store.${type}`) })
    expect(fingerprints(store).sort()).toEqual([printOf('one'), printOf('two')].sort())
    expect(store.unreadable).toEqual([])
    expect(store.certificates.every(({ own }) => (own === true) === path.startsWith('opt/'))).toBe(true)
  })

  it('of one program count less than what all trust, and are told where they are damaged', () => {
    if (!hasKeytool) return
    const store = storeOf({ 'opt/app/truststore.jks': read('store.jks'), [bundle]: pem('one') })
    expect(
      store.certificates
        .filter(({ own }) => own !== true)
        .map(({ certificate }) => certificate.fingerprint256),
    ).toEqual([printOf('one')])
    const half = storeOf({ 'etc/ssl/certs/java/cacerts': read('store.jks').subarray(0, 300) })
    expect(half.unreadable).toMatchObject([{ why: expect.stringMatching(/cannot be read in whole/) }])
    const other = storeOf({ 'etc/ssl/certs/java/cacerts': Buffer.from('no key store') })
    expect(other.unreadable).toMatchObject([{ why: expect.stringMatching(/its kind is unknown/) }])
  })

  it('in PEM under the name of a key store are read as that', () => {
    expect(fingerprints(storeOf({ 'etc/ssl/certs/java/cacerts': pem('two') }))).toEqual([printOf('two')])
  })
})
