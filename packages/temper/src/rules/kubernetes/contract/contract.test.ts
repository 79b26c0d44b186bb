import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../base/json/value.ts'
import { type RunContract, runContract, writablePathsLabel } from '../../../model/assess/run-contract.ts'
import type { PodContainer } from '../../../model/assess/workload.ts'
import { broken, container, podOf } from '../fixtures/sample.ts'
import { contractRules } from '../rules.ts'

describe('what an image says of itself', () => {
  const against = (
    id: string,
    config: Parameters<typeof runContract>[0],
    more: JsonObject = {},
    pod: JsonObject = {},
  ) => {
    const subject = podOf({ ...pod, containers: [container(more)] })
    const contracts = new Map<PodContainer, RunContract>(
      subject.containers.map((each) => [each, runContract(config)]),
    )
    return broken(id, subject, contracts).map(({ found, level }) => `${level}: ${found}`)
  }
  const runAs = (runAsUser: unknown) => ({ securityContext: { runAsUser } })

  it.each<[string, JsonObject, readonly string[]]>([
    ['', {}, ['error: the image of container web runs as root']],
    ['0', {}, ['error: the image of container web runs as root']],
    ['0:0', {}, ['error: the image of container web runs as root']],
    ['root', {}, ['error: the image of container web runs as root']],
    ['root:root', {}, ['error: the image of container web runs as root']],
    ['rooty', {}, []],
    ['', runAs(1000), []],
    ['root', runAs(1000), []],
    ['65532', {}, []],
    ['65532:65532', runAs(65532), []],
    ['65532', runAs(1000), ['warning: container web runs as 1000, its image is made for 65532']],
    ['65532', runAs(0), ['warning: container web runs as 0, its image is made for 65532']],
    ['web', {}, []],
    ['web', runAs(1000), []],
    ['web', runAs(0), ['warning: container web runs as 0, its image is made for web']],
    [
      'web',
      { securityContext: { runAsNonRoot: true } },
      [
        'error: the image of container web names its user web, which Kubernetes cannot check for runAsNonRoot',
      ],
    ],
    ['1000650000', {}, []],
  ])('its user "%s" with %j', (User, more, expected) => {
    expect(against('pod-contract-user', { User }, more)).toEqual(expected)
  })

  it('counts for what the pod says of all its containers, too', () => {
    const pod = { securityContext: { runAsUser: 7 } }
    expect(against('pod-contract-user', { User: '8' }, {}, pod)).toHaveLength(1)
    expect(against('pod-contract-user', { User: '8' }, runAs(8), pod)).toEqual([])
  })

  const writes = (paths: string, Volumes: Record<string, Record<string, never>> = {}) => ({
    User: '7',
    Volumes,
    Labels: { [writablePathsLabel]: paths },
  })
  const readOnly = { readOnlyRootFilesystem: true }
  const mounts = (...paths: readonly unknown[]) => ({
    securityContext: readOnly,
    volumeMounts: paths.map((mountPath) => ({ name: 'x', mountPath })),
  })

  it.each<[string, Parameters<typeof runContract>[0], JsonObject, readonly string[]]>([
    ['a root that may be written to', writes('/tmp'), {}, ['error: container web has a writable root']],
    ['one that may not', writes('/tmp'), { securityContext: readOnly }, []],
    ['nothing of it', { User: '7' }, {}, []],
  ])('where it writes, held against %s', (_, config, more, expected) => {
    expect(against('pod-contract-read-only', config, more)).toEqual(expected)
  })

  it.each<[Parameters<typeof runContract>[0], JsonObject, readonly string[]]>([
    [writes('/tmp'), mounts(), ['warning: container web writes to /tmp, where nothing is mounted']],
    [writes('/tmp'), mounts('/tmp'), []],
    [writes('/tmp'), mounts('/tmp/'), []],
    [writes('/var/lib/x'), mounts('/var/lib'), []],
    [
      writes('/var/lib'),
      mounts('/var/lib/x'),
      ['warning: container web writes to /var/lib, where nothing is mounted'],
    ],
    [
      writes('/tmpfiles'),
      mounts('/tmp'),
      ['warning: container web writes to /tmpfiles, where nothing is mounted'],
    ],
    [writes('/tmp'), mounts(7, null), ['warning: container web writes to /tmp, where nothing is mounted']],
    [writes('/tmp'), {}, []],
    [writes('/home/web'), mounts(), []],
    [
      writes('', { '/data': {} }),
      {},
      ['warning: container web keeps data in /data, where nothing is mounted'],
    ],
    [writes('/data', { '/data': {} }), mounts('/data'), []],
  ])('%j held against %j', (config, more, expected) => {
    expect(against('pod-contract-writable', config, more)).toEqual(expected)
  })

  it.each<[Record<string, Record<string, never>>, unknown, readonly string[]]>([
    [{ '80/tcp': {} }, { containerPort: 80 }, []],
    [{ '53/udp': {} }, { containerPort: 53, protocol: 'UDP' }, []],
    [
      { '53/udp': {} },
      { containerPort: 53 },
      ['warning: container web offers port 53, its image declares 53'],
    ],
    [{}, { containerPort: 81 }, ['warning: container web offers port 81, its image declares none']],
    [
      { '80/tcp': {} },
      { containerPort: '80' },
      ['warning: container web offers port "80", its image declares 80'],
    ],
  ])('its ports %j held against %j', (ExposedPorts, port, expected) => {
    expect(against('pod-contract-ports', { User: '7', ExposedPorts }, { ports: [port] })).toEqual(expected)
  })

  it('is asked of nobody whose image was not read', () => {
    const pod = podOf({ containers: [container({ ports: [{ containerPort: 80 }] })] })
    for (const { id } of contractRules) expect(broken(id, pod)).toEqual([])
  })
})
