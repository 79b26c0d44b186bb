import { describe, expect, it } from 'vitest'
import { readManifests } from './read.ts'

const read = (value: unknown) => readManifests('f.json', JSON.stringify(value))
const spec = (image = 'a', more: object = {}) => ({ containers: [{ name: 'c', image, ...more }] })
const names = (value: unknown) => read(value).images.map(({ text }) => text)

describe('a list', () => {
  it('gives its kind to objects that do not say theirs, as kubectl takes it', () => {
    const { pods, objects, unread } = read({
      apiVersion: 'v1',
      kind: 'PodList',
      items: [
        { metadata: { name: 'one' }, spec: spec() },
        { kind: null, spec: spec('b') },
        { kind: '', spec: spec('c') },
      ],
    })
    expect(pods.map(({ kind, name }) => [kind, name])).toEqual([
      ['Pod', 'one'],
      ['Pod', 'without a name'],
      ['Pod', 'without a name'],
    ])
    expect([objects, unread]).toEqual([3, []])
  })

  it('of deployments has their pods where deployments have them', () => {
    const item = { metadata: { name: 'web' }, spec: { template: { spec: spec() } } }
    const list = { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [item] }
    expect(read(list).pods.map(({ kind, containers }) => [kind, containers.length])).toEqual([
      ['Deployment', 1],
    ])
  })

  it('of a foreign kind is searched as that kind is', () => {
    const item = { spec: { steps: [{ image: 'registry.example/a:1' }] } }
    expect(names({ apiVersion: 'tekton.dev/v1', kind: 'TaskList', items: [item] })).toEqual([
      'registry.example/a:1',
    ])
  })

  it('keeps the kind of an object that says its own, and lists in lists are lists', () => {
    const inner = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Pod', spec: spec('x') }],
    }
    expect(names({ apiVersion: 'v1', kind: 'ConfigMapList', items: [inner] })).toEqual(['x'])
  })

  it('tells of an object whose kind nobody says, and passes over what is no object', () => {
    const { unread, pods } = read({ kind: 'List', items: [{ spec: spec() }, 7, null, [spec()]] })
    expect(pods).toEqual([])
    expect(unread.map(({ why }) => why)).toEqual(['an object of a list has no kind'])
  })

  it('has items of its own where a kind only ends so', () => {
    const value = {
      apiVersion: 'x.example/v1',
      kind: 'AllowList',
      items: 3,
      spec: { pod: spec('registry.example/a') },
    }
    expect(names(value)).toEqual(['registry.example/a'])
  })
})

describe('kinds of Kubernetes itself', () => {
  it.each(['v1', 'apps/v1', 'networking.k8s.io/v1', 'flowcontrol.apiserver.k8s.io/v1'])(
    'in %s have no pod but in their template',
    (apiVersion) => {
      const value = { apiVersion, kind: 'Any', data: { pod: spec('registry.example/a:1') } }
      expect(read(value)).toMatchObject({ images: [], pods: [], objects: 1 })
    },
  )

  it.each(['sparkoperator.k8s.io/v1beta2', 'jobset.x-k8s.io/v1alpha2', 'serving.knative.dev/v1'])(
    'are not those in %s, which is of a project',
    (apiVersion) => {
      expect(names({ apiVersion, kind: 'Any', spec: { driver: { image: 'registry.example/a:1' } } })).toEqual(
        ['registry.example/a:1'],
      )
    },
  )
})

describe('kinds of others', () => {
  const custom = (body: object) => ({ apiVersion: 'x.example/v1', kind: 'Web', ...body })

  it('may have several pods, each told where it is', () => {
    const value = custom({ spec: { a: spec('x/a'), b: [{ deep: spec('x/b') }] } })
    const { pods, images } = read(value)
    expect(images.map(({ text }) => text)).toEqual(['x/a', 'x/b'])
    expect(pods.map(({ value: pod }) => Object.keys(pod))).toEqual([['spec'], ['spec']])
  })

  it('are searched so deep and no deeper', () => {
    const nested = (levels: number): object =>
      levels === 0 ? { image: 'x.example/a:1' } : { a: nested(levels - 1) }
    expect(names(custom({ spec: nested(10) }))).toEqual(['x.example/a:1'])
    expect(names(custom({ spec: nested(40) }))).toEqual([])
  })

  it.each([
    ['picture.png', false],
    ['https://registry.example/a', false],
    ['registry.example/a b', false],
    ['UPPER/case', false],
    [`registry.example/${'a'.repeat(600)}`, false],
    ['team/web', true],
    ['registry.example:5000/team/web:1', true],
    [`registry.example/web@sha256:${'a'.repeat(64)}`, true],
    [`registry.example/web@sha256:${'a'.repeat(63)}`, false],
    [7, false],
  ])('with the image %j: told %s', (image, told) => {
    expect(names(custom({ spec: { image } }))).toEqual(told ? [image] : [])
  })
})

describe('the pod of an object', () => {
  it('has its name, namespace and containers of every list; odd ones are passed over', () => {
    const value = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'n'.repeat(300), namespace: 'shop' },
      spec: {
        ...spec('a'),
        initContainers: [null, 'x', { image: 'b' }],
        ephemeralContainers: { name: 'no list' },
        volumes: [{ image: { reference: 'v' } }, { image: { reference: 7 } }, null],
      },
    }
    const { pods, images, unread } = read(value)
    expect(pods[0]?.name).toHaveLength(253)
    expect(pods[0]?.namespace).toBe('shop')
    expect(pods[0]?.containers.map(({ list, name, path }) => [list, name, path[2]])).toEqual([
      ['containers', 'c', 0],
      ['initContainers', '3', 2],
    ])
    expect(images.map(({ text, container }) => [text, container?.name])).toEqual([
      ['a', 'c'],
      ['b', '3'],
      ['v', undefined],
    ])
    expect(unread).toEqual([])
  })

  it('without containers that are objects is none', () => {
    for (const containers of [[], ['x'], {}, null, undefined])
      expect(read({ apiVersion: 'v1', kind: 'Pod', spec: { containers } }).pods).toEqual([])
  })

  it.each(['Kustomization', 'Component'])('%s of kustomize is no object that runs', (kind) => {
    expect(() => read({ apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind })).toThrow(
      expect.objectContaining({ code: 'bad-manifest', hint: expect.stringContaining('kustomize build') }),
    )
  })
})
