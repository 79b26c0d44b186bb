import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { publicTrustedRoot, writeTrustedRoot } from './public-root.ts'

/* A TUF repository on loopback (theupdateframework.github.io/specification), with one key for all roles. */

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
const key = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } }
const keyid = createHash('sha256').update(canonicalJson(key)).digest('hex')
const expires = '2100-01-01T00:00:00Z'

function signed(content: Readonly<Record<string, unknown>>): string {
  const body = { spec_version: '1.0.31', version: 1, expires, ...content }
  const signature = sign(null, Buffer.from(canonicalJson(body)), privateKey).toString('hex')
  return JSON.stringify({ signatures: [{ keyid, sig: signature }], signed: body })
}

const role = { keyids: [keyid], threshold: 1 }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const document = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
})
const described = (text: string) => ({ length: text.length, hashes: { sha256: sha256(text) } })
const root = signed({
  _type: 'root',
  consistent_snapshot: true,
  keys: { [keyid]: key },
  roles: { root: role, timestamp: role, snapshot: role, targets: role },
})
const targets = signed({ _type: 'targets', targets: { 'trusted_root.json': described(document) } })
const snapshot = signed({ _type: 'snapshot', meta: { 'targets.json': { version: 1 } } })
const timestamp = signed({ _type: 'timestamp', meta: { 'snapshot.json': { version: 1 } } })

const files: Record<string, string> = {
  '/timestamp.json': timestamp,
  '/1.snapshot.json': snapshot,
  '/1.targets.json': targets,
  [`/targets/${sha256(document)}.trusted_root.json`]: document,
}

let server: Server
let folder = ''
let asked = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-root-'))
  await writeFile(join(folder, 'root.json'), root)
  server = createServer((request, response) => {
    asked++
    const file = files[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200)
    response.end(file)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await rm(folder, { recursive: true, force: true })
})

let caches = 0
function world(change: Partial<Context> = {}): Context {
  return sampleContext(folder, {
    fetch: globalThis.fetch,
    now: () => new Date(),
    cacheDir: join(folder, `cache-${++caches}`),
    offline: false,
    sigstore: {
      tufMirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      tufRoot: join(folder, 'root.json'),
    },
    ...change,
  })
}

describe('the trusted root', () => {
  it('is fetched by TUF, used for a day, and offline for ever', async () => {
    const context = world()
    expect(Buffer.from(await publicTrustedRoot(context)).toString()).toBe(document)
    const before = asked
    await publicTrustedRoot(context)
    const much = new Date(Date.now() + 365 * 86_400_000)
    await publicTrustedRoot({ ...context, now: () => much, offline: true })
    expect(asked).toBe(before)
    await publicTrustedRoot({ ...context, now: () => much })
    expect(asked).toBeGreaterThan(before)
    expect(await writeTrustedRoot('written.json', context)).toEqual(JSON.parse(document))
  })

  it('is not had offline when it was never fetched', async () => {
    await expect(publicTrustedRoot(world({ offline: true }))).rejects.toMatchObject({ code: 'offline' })
  })

  it.each([
    ['is signed by nobody', '/timestamp.json', timestamp.replace('"sig":"', '"sig":"00')],
    [
      'is another than was promised',
      `/targets/${sha256(document)}.trusted_root.json`,
      document.replace('0.1', '0.2'),
    ],
  ])('is refused when it %s', async (_name, path, content) => {
    const good = files[path] ?? ''
    files[path] = content
    try {
      await expect(publicTrustedRoot(world())).rejects.toMatchObject({
        code: 'network',
        message: expect.stringMatching(/Cannot fetch the trusted root from http/),
      })
    } finally {
      files[path] = good
    }
  })
})
