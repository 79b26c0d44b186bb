import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pinText } from './pin.ts'
import { readManifests } from './read.ts'

const images = (text: string) => readManifests('f.yaml', text).images
const names = (text: string) => images(text).map(({ text: name, place }) => `${name}:${place.line}`)
const podAt = (indent: string, image: string) =>
  `${indent}spec:\n${indent}  containers:\n${indent}    - name: c\n${indent}      image: ${image}\n`

describe('objects of Kubernetes', () => {
  it.each([
    ['Pod', `apiVersion: v1\nkind: Pod\n${podAt('', 'a')}`],
    ['Deployment', `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n${podAt('    ', 'a')}`],
    ['Job', `apiVersion: batch/v1\nkind: Job\nspec:\n  template:\n${podAt('    ', 'a')}`],
    [
      'CronJob',
      `apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n${podAt('        ', 'a')}`,
    ],
    ['PodTemplate', `apiVersion: v1\nkind: PodTemplate\ntemplate:\n${podAt('  ', 'a')}`],
    ['Rollout', `apiVersion: argoproj.io/v1\nkind: Rollout\nspec:\n  template:\n${podAt('    ', 'a')}`],
  ])('%s has its pod where the file says it', (kind, text) => {
    const { pods } = readManifests('f.yaml', text)
    expect(pods.map((pod) => [pod.kind, pod.containers.map(({ name }) => name)])).toEqual([[kind, ['c']]])
    const line = text.split('\n').findIndex((each) => each.includes('image: a')) + 1
    expect(names(text)).toEqual([`a:${line}`])
    expect(pods[0]?.locate(['spec', 'containers', 0, 'image']).line).toBe(line)
    // What is not there is told at what is around it.
    expect(pods[0]?.locate(['spec', 'containers', 0, 'securityContext']).line).toBe(line - 1)
  })

  it('names every image: of init and ephemeral containers, volumes, several documents and lists', () => {
    const text = `# first
apiVersion: v1
kind: Pod
spec:
  initContainers: [{ name: i, image: i }]
  containers: [{ name: c, image: "c" }]
  ephemeralContainers: [{ name: e, image: 'e' }]
  volumes: [{ name: v, image: { reference: v } }]
---
---
apiVersion: v1
kind: List
items:
  - kind: Pod
    spec: { containers: [{ name: l, image: l }] }
  - kind: ConfigMap
    data: { image: not-one }
`
    expect(names(text)).toEqual(['c:6', 'i:5', 'e:7', 'v:8', 'l:15'])
  })

  it('looks for pods and images in the kinds of others, and in none of its own', () => {
    const tekton = `apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps: [{ image: registry.example/a:1 }, { image: picture.png }]\n`
    expect(names(tekton)).toEqual(['registry.example/a:1:4'])
    const operator = `apiVersion: x.example/v1\nkind: Web\nspec:\n  deep: [{ pod: { containers: [{ name: c, image: any }] } }]\n`
    expect(names(operator)).toEqual(['any:4'])
    expect(names(`apiVersion: v1\nkind: ConfigMap\nspec: { image: registry.example/a:1 }\n`)).toEqual([])
  })

  it('resolves anchors and merge keys, and knows where they stand', () => {
    const text = `kind: Pod
spec:
  containers:
    - &base { name: a, image: &image x }
    - <<: *base
      name: b
    - { name: c, image: *image }
`
    expect(names(text)).toEqual(['x:4', 'x:4', 'x:7'])
    expect(
      pinText(
        text,
        images(text).map((mention) => ({ mention, text: 'x@1' })),
      ),
    ).toBe(text.replace('&image x', '&image x@1'))
  })

  it.each([
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
    ['argoproj.io/v1alpha1', 'Application'],
  ])('tells that %s %s brings what is not there', (apiVersion, kind) => {
    const text = `kind: ConfigMap\n---\napiVersion: ${apiVersion}\nkind: ${kind}\nspec: { chart: web }\n`
    expect(readManifests('f.yaml', text).unread).toMatchObject([
      { place: { line: 3 }, why: `${kind} brings objects that are not read: render what it installs` },
    ])
  })

  it('tells which containers name no image', () => {
    const { unread } = readManifests('f.yaml', 'kind: Pod\nspec:\n  containers:\n    - name: c\n')
    expect(unread).toEqual([
      { place: { file: 'f.yaml', line: 4, column: 7 }, why: 'container c names no image' },
    ])
  })
})

describe('a Compose file', () => {
  it('has a pod for each service, with the lines of the service', () => {
    const text = `services:
  web:
    image: nginx:1
    privileged: true
    user: "101:101"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true", "seccomp=unconfined"]
    ports: ["80:8080", "127.0.0.1:53:53/udp"]
    volumes: ["/var/run/docker.sock:/sock", "./conf:/etc/conf:ro", "data:/data", "/scratch"]
  db:
    build: .
`
    const { pods, unread } = readManifests('compose.yaml', text)
    const [web] = pods
    expect(web?.value).toMatchObject({
      spec: {
        containers: [
          {
            securityContext: {
              privileged: true,
              runAsUser: 101,
              runAsNonRoot: true,
              allowPrivilegeEscalation: false,
              seccompProfile: { type: 'Unconfined' },
              capabilities: { drop: ['ALL'] },
            },
            ports: [
              { containerPort: 8080, protocol: 'TCP' },
              { containerPort: 53, protocol: 'UDP' },
            ],
          },
        ],
        volumes: [
          { hostPath: { path: '/var/run/docker.sock' } },
          { configMap: {} },
          { persistentVolumeClaim: {} },
          { emptyDir: {} },
        ],
      },
    })
    const context = ['spec', 'containers', 0, 'securityContext']
    expect(web?.locate([...context, 'privileged']).line).toBe(4)
    expect(web?.locate([...context, 'seccompProfile', 'type']).line).toBe(7)
    expect(web?.locate(['spec', 'volumes', 0, 'hostPath']).line).toBe(9)
    expect(web?.locate([...context, 'readOnlyRootFilesystem']).line).toBe(2)
    expect(unread.map(({ why }) => why)).toEqual([
      'service db is built from a Dockerfile, and its image has no name',
    ])
  })
})

describe('what is no manifest', () => {
  it.each([
    ['a template', 'kind: Pod\nspec:\n  containers: {{ .Values.c }}\n', 'bad-manifest', /f\.yaml:3/],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
      'bad-manifest',
      /f\.yaml:1: a kustomization/,
    ],
    ['broken YAML', 'kind: [\n', 'bad-manifest', /not valid YAML/],
    ['a list', '- a\n', 'bad-manifest', /f\.yaml:1: expected an object/],
    ['a text', 'hello\n', 'bad-manifest', /expected an object/],
    ['aliases of aliases', `kind: Pod\na: &a [${'x,'.repeat(100)}]\n${bomb()}`, 'limit-exceeded', /aliases/],
    ['depth', `kind: Pod\na: ${'['.repeat(200)}${']'.repeat(200)}\n`, 'limit-exceeded', /deeper/],
    ['very deep', `kind: Pod\na: ${'['.repeat(50_000)}`, /^(?:limit-exceeded|bad-manifest)$/, /./],
  ])('is refused: %s', (_, text, code, message) => {
    expect(() => readManifests('f.yaml', text)).toThrow(
      expect.objectContaining({
        code: code instanceof RegExp ? expect.stringMatching(code) : code,
        message: expect.stringMatching(message),
      }),
    )
  })

  it('never fails in another way', () => {
    const piece = fc.constantFrom(
      'kind: Pod\n',
      '- ',
      'a: ',
      '&a ',
      '*a\n',
      '<<: ',
      '{',
      '}',
      '[',
      ']',
      '---\n',
      '"',
      '\n',
      '  ',
      '!x ',
      '|\n',
      'services:\n',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        try {
          readManifests('f.yaml', pieces.join(''))
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(?:bad-manifest|limit-exceeded)$/) })
        }
      }),
      { numRuns: 500 },
    )
  })
})

function bomb(): string {
  const names = 'abcdefghij'
  return [...names.slice(1)].map((name, i) => `${name}: &${name} [${`*${names[i]},`.repeat(9)}]\n`).join('')
}

describe('pinning', () => {
  const file = (image: string, quote: string, comment: string) =>
    `apiVersion: v1 # ${comment}\nkind: Pod\nspec:\n  containers:\n  -   image:   ${quote}${image}${quote}   # ${comment}\n      name: c\n`

  it('changes the name and not one character else', () => {
    const image = fc.stringMatching(/^[a-z][a-z0-9]{0,10}(\/[a-z0-9]{1,8}){0,2}(:[\w.]{1,8})?$/)
    const comment = fc.stringMatching(/^[ -~]{0,20}$/)
    fc.assert(
      fc.property(image, fc.constantFrom('', '"', "'"), comment, (name, quote, about) => {
        fc.pre(!/^(?:y|n|yes|no|on|off|true|false|null|[0-9.e]+)$/i.test(name))
        const text = file(name, quote, about)
        const [mention] = images(text)
        if (mention === undefined) throw new Error('no image')
        const pinned = pinText(text, [{ mention, text: `${name}@sha256:${'0'.repeat(64)}` }])
        expect(pinned).toBe(file(`${name}@sha256:${'0'.repeat(64)}`, quote, about))
        expect(images(pinned)[0]?.text).toBe(`${name}@sha256:${'0'.repeat(64)}`)
      }),
    )
  })

  it('leaves alone what is written in a way that cannot be replaced', () => {
    const [mention] = images('kind: Pod\nspec:\n  containers:\n    - image: >-\n        a\n      name: c\n')
    expect(mention).toMatchObject({ text: 'a' })
    expect(mention).not.toHaveProperty('span')
  })
})

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an object may be of the kind %s',
  (kind) => {
    const { pods } = readManifests('f.yaml', `apiVersion: example.org/v1\nkind: ${kind}\n${podAt('', 'a')}`)
    expect(pods.map((pod) => pod.kind)).toEqual([kind])
  },
)

it('values that cannot be made texts are read as none, in Kubernetes and in Compose', () => {
  const odd = '{ toString: 1, valueOf: 2 }'
  const pod = `apiVersion: ${odd}\nkind: Pod\nspec: { containers: [{ name: c, image: ${odd} }] }\n`
  expect(readManifests('f.yaml', pod).pods).toHaveLength(1)
  const members = ['user', 'pid', 'image', 'network_mode'].map((name) => `${name}: ${odd}`)
  const lists = ['cap_add', 'cap_drop', 'security_opt', 'sysctls', 'ports', 'tmpfs', 'devices', 'volumes']
  const all = [...members, ...lists.map((name) => `${name}: [${odd}]`)]
  const compose = `services: { web: { ${all.join(', ')} } }\n`
  expect(readManifests('compose.yaml', compose).pods).toHaveLength(1)
})
