import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoopbackSigstore } from '../../src/attest/fixtures/loopback/sigstore.ts'
import type { SignResult } from '../../src/flows/evidence/sign.ts'
import { pushAll, sampleIndex } from '../../src/oci/fixtures/sample.ts'
import { openStore } from '../../src/oci/open-store.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { pushImage, smallImage } from '../support/small-image.ts'
import { temper, temperJson } from '../support/temper-cli.ts'

/* cosign verifies what Temper signed, and Temper verifies what cosign signed, in both of its formats. */

const run = promisify(execFile)
const registryProgram = await tryDebianTool('docker-registry')
const cosignProgram = await tryGoTool('cosign')

let folder = ''
let registry: DockerRegistry
const password = 'a password'
const env = { TEMPER_KEY_PASSWORD: password, COSIGN_PASSWORD: password }

async function cosign(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  // A home of its own: no trust of this machine decides.
  const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env }, maxBuffer: 64 << 20 }
  return await run(cosignProgram ?? '', [...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error) => ({ code: Number(error.code), text: String(error.stdout) + String(error.stderr) }),
  )
}

const ours = (...args: readonly string[]) => temper(args, { cwd: folder, env })

async function newImage(name: string): Promise<string> {
  const reference = `${registry.host}/cosign/${name}:v1`
  const store = await openStore(parseReference(reference), { fetch: globalThis.fetch })
  const image = smallImage({ bytes: 1000 })
  await pushImage(store, image)
  await store.tag(image.root, 'v1')
  return reference
}

/** How each side is told which format to write, and cosign which one to read. Without a network it needs a trust root, even an empty one. */
const formats = [
  {
    format: 'new',
    write: [] as readonly string[],
    cosignWrite: ['--new-bundle-format'],
    cosignRead: ['--new-bundle-format', '--trusted-root', 'root.json'],
  },
  { format: 'older', write: ['--older-scheme'], cosignWrite: [], cosignRead: [] },
] as const

const predicates = [
  [
    'slsaprovenance1',
    '{"buildDefinition":{"buildType":"x","externalParameters":{}},"runDetails":{"builder":{"id":"y"}}}',
  ],
  ['spdxjson', '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT"}'],
  ['cyclonedx', '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}'],
  [
    'openvex',
    '{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"y","version":1,"statements":[]}',
  ],
] as const

describe.skipIf(registryProgram === undefined || cosignProgram === undefined)('cosign', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-cosign-'))
    registry = await startDockerRegistry(registryProgram ?? '')
    const root = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }
    const empty = { tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }
    await writeFile(join(folder, 'root.json'), JSON.stringify({ ...root, ...empty }))
    await writeFile(join(folder, 'predicate.json'), '{"good":true}')
    await temperJson(['keys', 'generate', '-o', 'ecdsa'], { cwd: folder, env })
    await temperJson(['keys', 'generate', '-o', 'ed25519', '--algorithm', 'ed25519'], { cwd: folder, env })
    expect(await cosign('generate-key-pair')).toMatchObject({ code: 0 })
  })
  afterAll(async () => {
    await registry?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const verifies = (reference: string, key: string, more: readonly string[]) =>
    cosign('verify', '--key', key, '--insecure-ignore-tlog', ...more, reference)

  it.each(['ecdsa', 'ed25519'])('reads the key files that we write: %s', async (name) => {
    const { stdout } = await run(cosignProgram ?? '', ['public-key', '--key', `${name}.key`], {
      cwd: folder,
      env: { HOME: folder, ...env },
    })
    expect(stdout).toBe(await readFile(join(folder, `${name}.pub`), 'utf8'))
  })

  it.each([
    ['allows', 'false', 0, 'PASSED'],
    ['refuses', 'true', 1, 'FAILED'],
  ])('verifies the summary of a gate that %s an image', async (name, brokenWhen, code, result) => {
    const reference = await newImage(`gate-${name}`)
    const rule = `{ id: own, title: it is fine, broken-when: '${brokenWhen}' }`
    await writeFile(join(folder, `${name}.yaml`), `other-rules: off\nown-rules: [${rule}]\n`)
    const gate = ['gate', reference, '--policy', `${name}.yaml`, '--sign', 'ecdsa.key', '--attach']
    expect(await ours(...gate, '--summary', `${name}.json`)).toMatchObject({ code })
    const check = ['--type', 'https://slsa.dev/verification_summary/v1', '--insecure-ignore-tlog']
    const read = ['--new-bundle-format', '--trusted-root', 'root.json']
    const verified = await cosign('verify-attestation', '--key', 'ecdsa.pub', ...check, ...read, reference)
    expect(verified).toMatchObject({ code: 0 })
    const envelope = JSON.parse(verified.text.split('\n').find((line) => line.startsWith('{')) ?? '{}')
    const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString())
    expect(statement.predicate).toMatchObject({
      verificationResult: result,
      policy: { uri: `urn:temper:policy:${name}` },
    })
    // The file holds the same, and cosign verifies it for the digest alone.
    const [digest] = statement.subject.map((each: { digest: { sha256: string } }) => each.digest.sha256)
    const blob = ['--bundle', `${name}.json`, '--digest', digest, '--digestAlg', 'sha256']
    expect(
      await cosign('verify-blob-attestation', '--key', 'ecdsa.pub', ...check, ...read, ...blob),
    ).toMatchObject({ code: 0 })
    // A summary that says no verifies nothing.
    expect((await ours('verify', reference, '--key', 'ecdsa.pub', '--require', 'vsa')).code).toBe(code)
  })

  describe.each(formats)('in the $format format', ({ format, write, cosignWrite, cosignRead }) => {
    it.each(['ecdsa', 'ed25519', 'cosign'])('verifies what we sign with the key %s', async (key) => {
      const reference = await newImage(`by-us-${format}-${key}`)
      expect((await ours('sign', reference, '--key', `${key}.key`, ...write)).code).toBe(0)
      expect(await verifies(reference, `${key}.pub`, cosignRead)).toMatchObject({ code: 0 })
      const other = key === 'ecdsa' ? 'cosign' : 'ecdsa'
      expect((await verifies(reference, `${other}.pub`, cosignRead)).code).not.toBe(0)
    })

    it('signs what we verify', async () => {
      const reference = await newImage(`by-cosign-${format}`)
      const args = ['--key', 'cosign.key', '--tlog-upload=false', '-y', ...cosignWrite]
      expect(await cosign('sign', ...args, reference)).toMatchObject({ code: 0 })
      expect((await ours('verify', reference, '--key', 'cosign.pub')).code).toBe(0)
      expect((await ours('verify', reference, '--key', 'ecdsa.pub')).code).toBe(1)
    })

    it.each(predicates)('exchanges attestations of the type %s', async (type, predicate) => {
      await writeFile(join(folder, `${type}.json`), predicate)
      const [from, to] = [
        await newImage(`att-us-${format}-${type}`),
        await newImage(`att-cosign-${format}-${type}`),
      ]
      const claim = ['--type', type, '--predicate', `${type}.json`]
      expect((await ours('attest', from, ...claim, '--key', 'ecdsa.key', ...write)).code).toBe(0)
      const check = ['--type', type, '--insecure-ignore-tlog', ...cosignRead]
      expect(await cosign('verify-attestation', '--key', 'ecdsa.pub', ...check, from)).toMatchObject({
        code: 0,
      })
      const args = ['--key', 'cosign.key', '--tlog-upload=false', '-y', ...cosignWrite]
      expect(await cosign('attest', ...claim, ...args, to)).toMatchObject({ code: 0 })
      expect((await ours('verify', to, '--key', 'cosign.pub', '--require', type)).code).toBe(0)
    })

    it('verifies an index and each of its platforms', async () => {
      const reference = `${registry.host}/cosign/index-${format}:v1`
      const store = await openStore(parseReference(reference), { fetch: globalThis.fetch })
      const index = sampleIndex(format)
      await pushAll(store, index)
      await store.tag(index.descriptor, 'v1')
      const args = ['sign', reference, '--key', 'ecdsa.key', ...write]
      const { signatures } = await temperJson<SignResult>(args, { cwd: folder, env })
      expect(signatures).toHaveLength(3)
      for (const { subject } of signatures) {
        const one = `${reference.replace(':v1', '')}@${subject}`
        expect(await verifies(one, 'ecdsa.pub', cosignRead)).toMatchObject({ code: 0 })
      }
    })

    it('verifies what was copied', async () => {
      const reference = await newImage(`from-${format}`)
      const copy = `${registry.host}/cosign/to-${format}:v2`
      expect((await ours('sign', reference, '--key', 'ecdsa.key', ...write)).code).toBe(0)
      expect((await ours('copy', reference, `oci:through-${format}:v1`)).code).toBe(0)
      expect((await ours('copy', `oci:through-${format}:v1`, copy)).code).toBe(0)
      expect(await verifies(copy, 'ecdsa.pub', cosignRead)).toMatchObject({ code: 0 })
    })
  })

  it('adds its signature to ours under the older tag, and both count', async () => {
    const reference = await newImage('both')
    expect((await ours('sign', reference, '--key', 'ecdsa.key', '--older-scheme')).code).toBe(0)
    const args = ['--key', 'cosign.key', '--tlog-upload=false', '-y']
    expect(await cosign('sign', ...args, reference)).toMatchObject({ code: 0 })
    for (const key of ['ecdsa.pub', 'cosign.pub']) {
      expect((await ours('verify', reference, '--key', key)).code).toBe(0)
      expect(await verifies(reference, key, [])).toMatchObject({ code: 0 })
    }
  })

  describe('without a key, with certificates, a log and timestamps on loopback', () => {
    const identity = 'https://ci.example/team/release'
    let services: LoopbackSigstore
    beforeAll(async () => {
      // cosign goes by the clock of this machine.
      services = await LoopbackSigstore.start(new Date())
      await writeFile(join(folder, 'services.json'), JSON.stringify(services.trustedRoot()))
      await writeFile(join(folder, 'token'), services.token(identity))
    })
    afterAll(() => services?.stop())

    const signAs = () => [
      '--fulcio-url',
      services.url,
      '--rekor-url',
      services.url,
      '--identity-token',
      'token',
      '-y',
    ]
    const certified = (who = identity) => [
      '--certificate-identity',
      who,
      '--certificate-oidc-issuer',
      services.url,
    ]
    const rooted = ['--trusted-root', 'services.json']
    const keyless = () => {
      const addresses = ['fulcio', 'rekor', 'tsa'].flatMap((name) => [`--${name}`, services.url])
      return ['--keyless', '--identity-token', 'token', ...addresses]
    }
    const trusted = (who = identity) => ['--identity', who, '--issuer', services.url, ...rooted]

    it('verifies what we sign, by who we are', async () => {
      const reference = await newImage('keyless-by-us')
      expect(await ours('sign', reference, ...keyless())).toMatchObject({ code: 0 })
      const check = (who?: string) =>
        cosign('verify', '--new-bundle-format', ...rooted, ...certified(who), reference)
      expect(await check()).toMatchObject({ code: 0 })
      expect((await check('https://ci.example/team/other')).code).not.toBe(0)
      expect((await ours('verify', reference, ...trusted(), '--require-name')).code).toBe(0)
    })

    it('verifies what we attest, and the timestamp alone when it does not ask the log', async () => {
      const reference = await newImage('keyless-attested')
      await writeFile(join(folder, 'vex.json'), predicates[3][1])
      const claim = ['--type', 'openvex', '--predicate', 'vex.json']
      expect(await ours('attest', reference, ...claim, ...keyless())).toMatchObject({ code: 0 })
      const args = [
        'verify-attestation',
        '--new-bundle-format',
        '--type',
        'openvex',
        ...rooted,
        ...certified(),
      ]
      expect(await cosign(...args, reference)).toMatchObject({ code: 0 })
      const stamped = ['--use-signed-timestamps', '--insecure-ignore-tlog']
      expect(await cosign(...args, ...stamped, reference)).toMatchObject({ code: 0 })
    })

    it('verifies the timestamps that we have made for a key', async () => {
      const reference = await newImage('timestamped')
      const args = ['--key', 'ecdsa.key', '--timestamp', '--tsa', services.url]
      expect(await ours('sign', reference, ...args)).toMatchObject({ code: 0 })
      const check = ['--new-bundle-format', ...rooted, '--use-signed-timestamps']
      expect(await verifies(reference, 'ecdsa.pub', check)).toMatchObject({ code: 0 })
      const aged = ['--key', 'ecdsa.pub', '--max-age', '1h', ...rooted]
      expect((await ours('verify', reference, ...aged)).code).toBe(0)
    })

    it.each(['new', 'older'])('signs and attests what we verify, in the %s format', async (format) => {
      const reference = await newImage(`keyless-by-cosign-${format}`)
      const how = [`--new-bundle-format=${format === 'new'}`, ...rooted, ...signAs()]
      const stamp = ['--timestamp-server-url', `${services.url}/api/v1/timestamp`]
      expect(await cosign('sign', ...how, ...stamp, reference)).toMatchObject({ code: 0 })
      const claim = ['--type', 'custom', '--predicate', 'predicate.json']
      expect(await cosign('attest', ...claim, ...how, reference)).toMatchObject({ code: 0 })
      const check = ['--require', 'signature,custom', '--max-age', '1h']
      expect(await ours('verify', reference, ...trusted(), ...check)).toMatchObject({ code: 0 })
      expect((await ours('verify', reference, ...trusted('https://ci.example/other'))).code).toBe(1)
    })
  })
})
