import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../base/digest.ts'
import { writablePathsLabel } from '../../model/assess/run-contract.ts'
import { mediaTypes } from '../../model/image.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { LoopbackRegistry } from '../../oci/registry/fixtures/loopback/registry.ts'
import type { Context } from '../context.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import type { Admission } from './admission.ts'
import { type AdmitRequest, admit } from './admit.ts'
import { admissionSarif } from './sarif.ts'

let registry: LoopbackRegistry
let context: Context
let digest: Digest
beforeAll(async () => {
  registry = await LoopbackRegistry.start()
  context = { ...sampleContext('/nowhere'), offline: false, fetch: globalThis.fetch }
  digest = await push('web', {
    User: '65532',
    ExposedPorts: { '8080/tcp': {} },
    Volumes: { '/data': {} },
    Labels: { [writablePathsLabel]: '/tmp /var/lib/web' },
  })
  await push('named', { User: 'web' })
  await push('root', {})
})
afterAll(() => registry.stop())

/** An image without layers. */
async function push(name: string, config: object): Promise<Digest> {
  const rootfs = { type: 'layers', diff_ids: [] }
  const blob = jsonBlob({ architecture: 'amd64', os: 'linux', config, rootfs }, mediaTypes.ociConfig)
  const manifest = jsonBlob(
    { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: blob.descriptor, layers: [] },
    mediaTypes.ociManifest,
  )
  const store = await openStore(parseReference(`${registry.host}/${name}`), { fetch: globalThis.fetch })
  for (const each of [blob, manifest]) await store.push(each)
  await store.tag(manifest.descriptor, '1')
  return manifest.descriptor.digest
}

const judge = (text: string, more: Partial<AdmitRequest> = {}, world = context) =>
  admit({ files: [{ name: 'f.yaml', bytes: Buffer.from(text) }], podSecurity: 'restricted', ...more }, world)

const good = (image = `${registry.host}/web@${digest}`, more = '') => `kind: Pod
metadata: { name: web }
spec:
  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: web
      image: ${image}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      ports: [{ containerPort: 8080 }]
      volumeMounts:
        - { name: a, mountPath: /tmp }
        - { name: b, mountPath: /var/lib/web }
        - { name: c, mountPath: /data/ }
${more}`

const told = ({ images, pods }: Admission) =>
  [...images, ...pods].flatMap(({ reasons }) => reasons.map(({ rule, line }) => `${rule}:${line}`))

describe('what is admitted', () => {
  it('does what its image declares, is pinned and there', async () => {
    const admission = await judge(good())
    expect(told(admission)).toEqual([])
    expect(admission).toMatchObject({
      allowed: true,
      objects: 1,
      unjudged: [],
      images: [{ digest, judged: true, where: 'Pod web, container web', line: 7 }],
    })
  })

  it.each([
    ['a tag', () => good(`${registry.host}/web:1`), ['image-pinned:7'], true],
    ['a missing image', () => good(`${registry.host}/web:2`), ['image-there:7', 'image-pinned:7'], false],
    ['no name', () => good('"UPPER CASE"'), ['image-name:7', 'image-pinned:7'], false],
    ['another port', () => good().replace('8080', '80'), ['pod-contract-ports:12'], true],
    [
      'a root to write to',
      () => good().replace('readOnlyRootFilesystem: true', ''),
      ['pod-contract-read-only:8'],
      false,
    ],
    [
      'nothing at /tmp',
      () => good().replace(/.*mountPath: \/tmp.*\n/, ''),
      ['pod-contract-writable:13'],
      true,
    ],
    [
      'nothing at /data',
      () => good().replace(/.*mountPath: \/data.*\n/, ''),
      ['pod-contract-writable:13'],
      true,
    ],
    [
      'another user',
      () => good().replace('runAsNonRoot: true', 'runAsNonRoot: true, runAsUser: 7'),
      ['pod-contract-user:8'],
      true,
    ],
    ['a host network', () => good(undefined, '  hostNetwork: true\n'), ['pod-host-namespaces:17'], false],
    [
      'a user by name',
      () => good(`${registry.host}/named:1`).replace(/ {6}ports.*\n/, ''),
      ['image-pinned:7', 'pod-contract-user:8'],
      false,
    ],
    [
      'an image of root',
      () => good(`${registry.host}/root:1`).replace(/ {6}ports.*\n/, ''),
      ['image-pinned:7', 'pod-contract-user:8'],
      false,
    ],
  ])('%s is told, with its line', async (_, text, rules, allowed) => {
    const admission = await judge(text())
    expect(told(admission)).toEqual(rules)
    expect(admission.allowed).toBe(allowed)
  })

  it('is less for a lower standard, but the contract stays', async () => {
    const bare = good()
      .replace(/ {6}securityContext:\n( {8}.*\n)*/, '')
      .replace(/ {2}securityContext.*\n/, '')
    expect((await judge(bare)).pods[0]?.reasons.length).toBeGreaterThan(4)
    expect(told(await judge(bare, { podSecurity: 'baseline' }))).toEqual(['pod-contract-read-only:5'])
  })
})

describe('with a policy', () => {
  let folder = ''
  let policy = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-admit-'))
    policy = join(folder, 'policy.yaml')
    const rule = {
      id: 'numeric-user',
      level: 'error',
      title: 'the user is a number',
      fix: 'name it by its number',
    }
    const own = { ...rule, 'broken-when': '!image.user.matches("^[0-9]+$")' }
    await writeFile(policy, JSON.stringify({ name: 'own', 'other-rules': 'note', 'own-rules': [own] }))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('every image has to pass it, and is told why not, where it is named', async () => {
    const {
      allowed,
      images,
      policy: named,
    } = await judge(good(`${registry.host}/named:1`), {
      policy,
    })
    expect([allowed, named]).toEqual([false, policy])
    const told = images[0]?.reasons.find(({ rule }) => rule === 'numeric-user')
    expect(told).toMatchObject({ level: 'error', line: 7, file: 'f.yaml' })
    expect(images[0]?.waived).toEqual([])
    const other = await judge(good(), { policy })
    expect(other.images[0]?.reasons.filter(({ level }) => level === 'error')).toEqual([])
  })

  const waiving = async (exception: object, more: object = {}) => {
    const file = join(folder, 'waiving.yaml')
    const made = { owner: 'o@example.org', reason: 'it has to', expires: '2099-12-31', ...exception }
    await writeFile(file, JSON.stringify({ 'other-rules': 'off', exceptions: [made], ...more }))
    return await judge(good(undefined, '  hostNetwork: true\n'), { policy: file })
  }

  it.each([
    ['of the rule', { rule: 'pod-host-*' }],
    ['of the object', { rule: 'pod-host-namespaces', object: 'Pod/*' }],
    ['of the image', { rule: 'pod-host-namespaces', images: ['127.0.0.1:*/web'] }],
  ])('an exception %s lets a pod pass, and says who answers for it', async (_, exception) => {
    const { allowed, pods } = await waiving(exception)
    expect(allowed).toBe(true)
    expect(pods).toMatchObject([
      { reasons: [], waived: [{ rule: 'pod-host-namespaces', owner: 'o@example.org', until: '2099-12-31' }] },
    ])
  })

  it.each([
    ['of another object', { rule: '*', object: 'Deployment/*' }],
    ['of another image', { rule: '*', images: ['127.0.0.1:*/other'] }],
    ['that has ended', { rule: '*', expires: '2020-01-01' }],
  ])('an exception %s lets none pass', async (_, exception) => {
    const { allowed, pods } = await waiving(exception)
    expect(allowed).toBe(false)
    expect(pods).toMatchObject([{ reasons: [{ rule: 'pod-host-namespaces' }], waived: [] }])
  })

  it('rules about pods have the level that the policy gives them', async () => {
    const other = { rule: 'setuid' }
    expect((await waiving(other, { rules: { 'pod-host-namespaces': 'warning' } })).allowed).toBe(true)
    expect((await waiving(other, { rules: { 'pod-host-namespaces': 'off' } })).pods[0]?.reasons).toEqual([])
  })

  it('what the policy is missing is no fault of the image', async () => {
    await expect(judge(good(), { policy: 'no-such-policy' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(judge(good(), { trust: { keys: ['no-such.pub'] } })).rejects.toMatchObject({
      message: expect.stringContaining('no-such.pub'),
    })
  })
})

describe('without a network', () => {
  it('pods are judged, and images said not to be', async () => {
    const offline = { ...context, offline: true }
    const { allowed, images, unjudged, pods } = await judge(good(), {}, offline)
    expect([allowed, images[0]?.judged, pods[0]?.reasons]).toEqual([true, false, []])
    expect(unjudged).toMatchObject([{ line: 7, why: expect.stringContaining('its registry was not asked') }])
    expect((await judge(good(undefined, '  hostPID: true\n'), {}, offline)).allowed).toBe(false)
  })

  it('a registry that does not answer is an error, not a verdict', async () => {
    await expect(judge(good('127.0.0.1:1/web:1'))).rejects.toMatchObject({ code: 'network' })
  })
})

describe('pinning', () => {
  it('names images by digest where they stand, and asks for it no more', async () => {
    const text = `${good(`"${registry.host}/web:1"`)} # a comment\n---\n# another\n${good(`${registry.host}/web:1`)}`
    const admission = await judge(text, { pin: true })
    expect(told(admission)).toEqual([])
    expect(admission.pinned).toEqual([
      { file: 'f.yaml', pinned: 2, text: text.replaceAll('/web:1', `/web:1@${digest}`) },
    ])
    expect((await judge(admission.pinned[0]?.text ?? '', { pin: true })).pinned).toEqual([])
  })

  it('leaves a variable alone, and says so', async () => {
    const { pinned, unjudged, images } = await judge(`services: { a: { image: "web:$\{TAG}" } }`, {
      pin: true,
    })
    expect(pinned).toEqual([])
    expect(images[0]?.judged).toBe(false)
    expect(unjudged[0]?.why).toContain('variable')
  })

  it('is refused when nobody can know what it is and something is asked of images, with and without a network', async () => {
    const text = `services: { a: { image: "web:$\{TAG}" } }`
    const { images, allowed } = await judge(text, { policy: 'baseline' })
    expect(allowed).toBe(false)
    expect(images[0]?.reasons).toMatchObject([{ rule: 'image-judged', level: 'error', line: 1 }])
    const folder = await mkdtemp(join(tmpdir(), 'temper-admit-'))
    const key = join(folder, 'signer.pub')
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(key, publicKey.export({ type: 'spki', format: 'pem' }))
    for (const asked of [{ policy: 'baseline' }, { trust: { keys: [key] } }]) {
      const offline = await judge(good(), asked, { ...context, offline: true })
      expect(offline.images[0]).toMatchObject({ allowed: false, judged: false })
      expect(offline.images[0]?.reasons).toMatchObject([{ rule: 'image-judged', level: 'error' }])
      expect((await judge(text, asked)).allowed).toBe(false)
    }
    await rm(folder, { recursive: true })
  })
})

/** Draft 4 says `id` where later drafts say `$id`. */
function withoutAddress({ $schema: _schema, id: _id, ...schema }: Record<string, unknown>) {
  return schema
}

it('is valid SARIF with lines', async () => {
  const schema = new URL('../../report/fixtures/sarif-2.1.0-rtm.5.json', import.meta.url)
  const ajv = new Ajv({ strict: false, logger: false, unicodeRegExp: false })
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  const validate = ajv.compile(withoutAddress(JSON.parse(readFileSync(schema, 'utf8'))))
  const sarif = admissionSarif(await judge(good(`${registry.host}/web:2`, '  hostPID: true # [x](y)\n')))
  validate(sarif)
  expect(validate.errors ?? []).toEqual([])
  expect(sarif).toMatchObject({
    runs: [
      {
        results: [
          { ruleId: 'image-there', level: 'error' },
          { ruleId: 'image-pinned', level: 'warning' },
          {
            ruleId: 'pod-host-namespaces',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'f.yaml' },
                  region: { startLine: 17, startColumn: 3 },
                },
              },
            ],
          },
        ],
      },
    ],
  })
})

describe('a Compose file cannot hide what it takes of the host', () => {
  const rulesOf = async (text: string) => {
    const { pods } = await judge(text, { podSecurity: 'baseline' }, { ...context, offline: true })
    return pods.flatMap(({ reasons }) => reasons.map(({ rule }) => rule))
  }
  it.each([
    ['a truth as a text', 'services:\n  web: { image: a, privileged: yes }\n', 'pod-privileged'],
    [
      'a named volume over a folder of the host',
      'services:\n  web: { image: a, volumes: ["all:/host"] }\nvolumes: { all: { driver_opts: { type: none, o: bind, device: / } } }\n',
      'pod-host-path',
    ],
    [
      'a network that is the host’s',
      'services:\n  web: { image: a, networks: [out] }\nnetworks: { out: { external: true, name: host } }\n',
      'pod-host-namespaces',
    ],
    [
      'a file as a secret',
      'services:\n  web: { image: a, secrets: [s] }\nsecrets: { s: { file: /etc/shadow } }\n',
      'pod-host-path',
    ],
    [
      'all of /proc',
      'services:\n  web: { image: a, security_opt: ["systempaths=unconfined"] }\n',
      'pod-proc-mount',
    ],
  ])('by %s', async (_, text, rule) => {
    expect(await rulesOf(text)).toEqual([rule])
  })

  it('and a service of its own files and volumes is let pass', async () => {
    const text = `services:
  web:
    image: a
    privileged: "no"
    volumes: ["data:/data", "./conf:/conf:ro"]
    networks: [inside]
    secrets: [key]
volumes: { data: {} }
networks: { inside: {} }
secrets: { key: { file: ./key } }
`
    expect(await rulesOf(text)).toEqual([])
  })
})

it('a list of pods that do not say their kind is judged as kubectl would run it', async () => {
  const item = {
    metadata: { name: 'hidden' },
    spec: { hostPID: true, containers: [{ name: 'c', image: 'a' }] },
  }
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [item] })
  const { pods, allowed } = await judge(list, { podSecurity: 'baseline' }, { ...context, offline: true })
  expect(pods.map(({ name, reasons }) => [name, reasons.map(({ rule }) => rule)])).toEqual([
    ['hidden', ['pod-host-namespaces']],
  ])
  expect(allowed).toBe(false)
})
