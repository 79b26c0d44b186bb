import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { tryGoTool } from '../../../temper/test/support/go-tool.ts'
import { tryNpmTool } from '../../../temper/test/support/npm-tool.ts'
import { repositoryRoot } from '../../../temper/test/support/source-files.ts'
import { settingsFrom } from '../../src/settings-sources.ts'

/* The chart as Helm renders it, held against Kubernetes' own OpenAPI schemas and against what the service understands. */

const run = promisify(execFile)
const chart = join(repositoryRoot, 'deploy/helm/temper')
const helm = await tryGoTool('helm')
const models = await tryNpmTool('kubernetes-models')

interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec?: Record<string, unknown>
  readonly data?: Readonly<Record<string, string>>
}
interface Pod {
  readonly containers: readonly {
    readonly args: readonly string[]
    readonly env: readonly { readonly name: string }[]
    readonly securityContext: object
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  }[]
  readonly volumes: readonly { readonly name: string }[]
  readonly securityContext: object
}

const minimal = { image: { repository: 'registry.example/temper' } }
const several = {
  ...minimal,
  replicas: 2,
  database: { secret: 'temper-database' },
  registry: { url: 'https://registry.example/team', secret: 'temper-registry', knownAs: 'images.example' },
  signingKey: { secret: 'temper-key', passwordKey: 'password', earlier: ['before.pub'] },
  sessions: { secret: 'temper-sessions' },
  workers: { replicas: 3, secret: 'temper-worker' },
  ingress: { enabled: true, host: 'temper.example', className: 'nginx', tlsSecret: 'temper-tls' },
  settings: { factory: { builds: 4 }, limits: { 'behind-proxy': true } },
  extraEnv: [{ name: 'TZ', value: 'UTC' }],
  podAnnotations: { a: 'b' },
  podLabels: { c: 'd' },
}

async function template(values: object): Promise<readonly Resource[]> {
  const words = [
    'template',
    'release',
    chart,
    '--namespace',
    'images',
    '--kube-version',
    '1.31.0',
    '--values',
    '-',
  ]
  const child = run(helm ?? '', words)
  child.child.stdin?.end(stringify(values))
  const { stdout } = await child
  return parseAllDocuments(stdout).map((document) => document.toJS() as Resource)
}

const of = (resources: readonly Resource[], kind: string) => resources.filter((each) => each.kind === kind)
const podOf = ({ spec }: Resource) => (spec as { readonly template: { readonly spec: Pod } }).template.spec

describe.skipIf(helm === undefined)('the Helm chart', () => {
  it('has nothing that helm lint minds', async () => {
    const { stdout } = await run(helm ?? '', ['lint', '--strict', chart, '--set', 'image.repository=x'])
    expect(stdout).toContain('0 chart(s) failed')
    expect(stdout).not.toMatch(/WARNING|ERROR/)
  })

  it.skipIf(models === undefined).each([
    ['one server', minimal, ['ConfigMap', 'Service', 'Service', 'StatefulSet']],
    [
      'several servers with workers',
      several,
      [
        ...['ConfigMap', 'Deployment', 'Ingress', 'PodDisruptionBudget', 'Service', 'Service', 'Service'],
        'StatefulSet',
      ],
    ],
  ])('renders %s as Kubernetes describes it', async (_, values, kinds) => {
    const resources = await template(values)
    expect(resources.map(({ kind }) => kind).sort()).toEqual(kinds)
    for (const resource of resources) await validate(resource)
    // What is refused here would be refused there.
    const [set] = of(resources, 'StatefulSet')
    const wrong = structuredClone(set) as unknown as { spec: { replicas: unknown } }
    wrong.spec.replicas = 'two'
    await expect(validate(wrong as unknown as Resource)).rejects.toThrow(/replicas/)
  })

  it('runs as nobody, with a read-only root and without rights', async () => {
    const resources = await template(several)
    const pods = [...of(resources, 'StatefulSet'), ...of(resources, 'Deployment')].map(podOf)
    expect(pods).toHaveLength(2)
    for (const pod of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      })
      for (const { securityContext, volumeMounts } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        const volumes = [...pod.volumes.map(({ name }) => name), 'data']
        expect(volumeMounts.filter(({ name }) => !volumes.includes(name))).toEqual([])
      }
    }
  })

  it('gives the service settings that it takes, and files that are mounted', async () => {
    const resources = await template(several)
    const [config] = of(resources, 'ConfigMap')
    const [container] = podOf(of(resources, 'StatefulSet')[0] as Resource).containers
    const { service } = parse(config?.data?.['config.yaml'] ?? '') as { readonly service: object }
    const settings = settingsFrom({
      file: { path: '/etc/temper/config/config.yaml', line: 1, value: service },
      environment: { TEMPER_SERVICE__FACTORY__DATABASE: 'postgres://temper@database/temper' },
      given: { factory: { program: ['temper'] } },
    })
    expect(settings).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      data: '/data',
      knownAs: 'images.example',
      sessionKeyFile: '/etc/temper/sessions/sessions.key',
      limits: { behindProxy: true },
      factory: {
        database: 'postgres://temper@database/temper',
        registry: 'https://registry.example/team',
        buildOn: 'workers',
        builds: 4,
        keyFile: '/etc/temper/key/temper.key',
        keyPasswordFile: '/etc/temper/key/password',
        earlierKeyFiles: ['/etc/temper/key/before.pub'],
      },
    })
    expect(container?.env.map(({ name }) => name)).toEqual([
      ...['HOME', 'TEMPER_CACHE_DIR', 'TEMPER_SERVICE__FACTORY__DATABASE', 'DOCKER_CONFIG', 'TZ'],
    ])
    const places = container?.volumeMounts.map(({ mountPath }) => mountPath)
    for (const place of ['/data', '/tmp', '/etc/temper/config', '/etc/temper/key', '/etc/temper/sessions'])
      expect(places).toContain(place)
  })

  it('signs as its account, with what signed before beside it', async () => {
    const identity = 'https://kubernetes.io/namespaces/images/serviceaccounts/temper'
    const issuer = 'https://kubernetes.default.svc.cluster.local'
    const signingKey = {
      secret: 'before',
      earlier: ['before.pub'],
      trustedRoot: 'root.json',
      keyless: { identity, issuer, fulcio: 'https://fulcio.example' },
      earlierIdentities: [{ identity: 'me', issuer }],
    }
    const resources = await template({ ...several, serviceAccountName: 'temper', signingKey })
    const [config] = of(resources, 'ConfigMap')
    const { service } = parse(config?.data?.['config.yaml'] ?? '') as { readonly service: object }
    const { factory } = settingsFrom({
      file: { path: '/etc/temper/config/config.yaml', line: 1, value: service },
      environment: {},
      given: { factory: { program: ['temper'] } },
    })
    expect(factory).toMatchObject({
      keyless: {
        identity,
        issuer,
        fulcio: 'https://fulcio.example',
        identityTokenFile: '/etc/temper/identity/token',
      },
      trustedRootFile: '/etc/temper/key/root.json',
      earlierKeyFiles: ['/etc/temper/key/before.pub'],
      earlierIdentities: [{ identity: 'me', issuer }],
    })
    expect([factory?.keyFile, factory?.keyless?.rekor]).toEqual([undefined, undefined])
    const [set] = of(resources, 'StatefulSet') as [Resource]
    expect(podOf(set)).toMatchObject({ serviceAccountName: 'temper', automountServiceAccountToken: false })
    const token = { path: 'token', audience: 'sigstore', expirationSeconds: 3600 }
    expect(podOf(set).volumes.find(({ name }) => name === 'identity')).toMatchObject({
      projected: { sources: [{ serviceAccountToken: token }] },
    })
    expect(podOf(set).containers[0]?.volumeMounts.map(({ mountPath }) => mountPath)).toContain(
      '/etc/temper/identity',
    )
    if (models !== undefined) await validate(set)
  })

  it.each([
    ['no image', { image: { repository: '' } }, /image\.repository: name an image/],
    [
      'several servers without a database',
      { ...minimal, replicas: 2 },
      /database\.secret: several servers need/,
    ],
    ['without a registry', { ...several, registry: {} }, /registry\.url: several servers publish/],
    [
      'without a key',
      { ...several, signingKey: {} },
      /signingKey\.secret: several servers sign with one key/,
    ],
    [
      'an identity without its issuer',
      { ...several, signingKey: { keyless: { identity: 'me' } } },
      /signingKey\.keyless\.issuer: an identity counts only/,
    ],
    [
      'an identity and a command',
      { ...several, signingKey: { command: 'x', keyless: { identity: 'me', issuer: 'https://x.example' } } },
      /signingKey\.keyless: an identity signs, or a command/,
    ],
    [
      'workers without a token',
      { ...minimal, workers: { replicas: 1 } },
      /workers\.secret: workers need a token/,
    ],
    ['a value that there is not', { ...minimal, replica: 2 }, /additional properties 'replica'/],
    ['a digest that is none', { image: { repository: 'x', digest: 'sha256:1' } }, /image\/digest|digest/],
  ])('says what is wrong with %s', async (_, values, message) => {
    await expect(template(values)).rejects.toThrow(message)
  })

  it('names the image by its digest where there is one, and the version that it belongs to otherwise', async () => {
    const digest = `sha256:${'0'.repeat(64)}`
    const imageOf = async (image: object) =>
      JSON.stringify(of(await template({ image }), 'StatefulSet')).match(/"image":"([^"]+)"/)?.[1]
    const repository = 'registry.example/temper'
    expect(await imageOf({ repository, digest, tag: 'x' })).toBe(`${repository}@${digest}`)
    const { version } = JSON.parse(
      await readFile(join(repositoryRoot, 'packages/server/package.json'), 'utf8'),
    )
    expect(await imageOf({ repository })).toBe(`${repository}:${version}`)
  })
})

/** Throws where a resource is not what the OpenAPI description of a Kubernetes release says of its kind. */
async function validate(resource: Resource): Promise<void> {
  const file = pathToFileURL(join(models ?? '', resource.apiVersion, 'index.js')).href
  const kinds = (await import(file)) as Readonly<Record<string, new (value: object) => { validate(): void }>>
  const Model = kinds[resource.kind]
  if (Model === undefined) throw new Error(`Kubernetes has no ${resource.kind} of ${resource.apiVersion}`)
  new Model(resource).validate()
}
