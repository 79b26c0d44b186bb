import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../base/json/value.ts'
import { listAt, valueAt } from '../model/assess/workload.ts'
import { hostOfFile, podOfService } from './compose-pod.ts'
import { readManifests } from './read.ts'

const context = ['spec', 'containers', 0, 'securityContext']

/** The pod of a service, in a file that may have more at its top. */
const podOf = (service: JsonObject, file: JsonObject = {}) => podOfService('web', service, hostOfFile(file))
const setting = (service: JsonObject, ...member: string[]) =>
  valueAt(podOf(service).value, [...context, ...member])
const volumesOf = (service: JsonObject, file: JsonObject = {}) =>
  listAt(podOf(service, file).value, ['spec', 'volumes']).map((volume) => {
    const { name: _, ...rest } = volume as JsonObject
    return rest
  })

describe('truths of a service', () => {
  // Compose makes truths of these texts (compose-go, interpolation.toBoolean).
  it.each([
    [true, true],
    ['true', true],
    ['yes', true],
    ['On', true],
    ['1', true],
    [false, false],
    ['FALSE', false],
    ['no', false],
    ['off', false],
  ])('%j is %j', (written, meant) => {
    expect(setting({ privileged: written }, 'privileged')).toBe(meant)
    expect(setting({ read_only: written }, 'readOnlyRootFilesystem')).toBe(meant)
  })

  it('leave what is neither as it is: a rule is broken by whatever is not false', () => {
    expect(setting({ privileged: `\${PRIVILEGED}` }, 'privileged')).toBe(`\${PRIVILEGED}`)
    expect(setting({ privileged: 2 }, 'privileged')).toBe(2)
  })
})

describe('the user of a service', () => {
  it.each<[unknown, number | undefined, boolean | undefined]>([
    ['0', 0, false],
    [0, 0, false],
    ['root', 0, false],
    ['root:users', 0, false],
    ['000', 0, false],
    ['101', 101, true],
    ['101:0', 101, true],
    [4294967294, 4294967294, true],
    // The number that means "none", and names that the image decides about.
    [4294967295, undefined, undefined],
    ['web', undefined, undefined],
    ['+0', undefined, undefined],
    ['-1', undefined, undefined],
    ['', undefined, undefined],
    [null, undefined, undefined],
  ])('%j is %j', (user, uid, nonRoot) => {
    expect(setting({ user }, 'runAsUser')).toBe(uid)
    expect(setting({ user }, 'runAsNonRoot')).toBe(nonRoot)
  })
})

describe('security options', () => {
  it.each<[string, string[], unknown]>([
    ['no-new-privileges', ['allowPrivilegeEscalation'], false],
    ['no-new-privileges:true', ['allowPrivilegeEscalation'], false],
    ['no-new-privileges=false', ['allowPrivilegeEscalation'], true],
    ['no-new-privileges:0', ['allowPrivilegeEscalation'], true],
    ['no-new-privileges=False', ['allowPrivilegeEscalation'], true],
    ['seccomp:unconfined', ['seccompProfile', 'type'], 'Unconfined'],
    ['seccomp=./own.json', ['seccompProfile', 'type'], 'Localhost'],
    ['apparmor=unconfined', ['appArmorProfile', 'type'], 'Unconfined'],
    ['apparmor:own', ['appArmorProfile', 'type'], 'Localhost'],
    ['label=disable', ['seLinuxOptions', 'type'], 'disable'],
    ['label:type:spc_t', ['seLinuxOptions', 'type'], 'spc_t'],
    ['label=user:system_u', ['seLinuxOptions', 'user'], 'system_u'],
    ['label=level:s0', ['seLinuxOptions'], undefined],
    ['systempaths=unconfined', ['procMount'], 'Unmasked'],
    ['systempaths:unconfined', ['procMount'], 'Unmasked'],
  ])('%s', (option, member, value) => {
    expect(setting({ security_opt: [option] }, ...member)).toBe(value)
  })

  it('are what Docker does where nothing is said: a seccomp profile, and rights that can be gained', () => {
    expect(setting({}, 'seccompProfile', 'type')).toBe('RuntimeDefault')
    expect(setting({}, 'allowPrivilegeEscalation')).toBeUndefined()
    expect(setting({}, 'procMount')).toBeUndefined()
  })

  it('count in the order of the list: the last one that speaks of a thing', () => {
    const options = ['no-new-privileges:true', 'no-new-privileges:false']
    expect(setting({ security_opt: options }, 'allowPrivilegeEscalation')).toBe(true)
  })
})

it.each([
  ['SYS_ADMIN', 'SYS_ADMIN'],
  ['cap_sys_admin', 'SYS_ADMIN'],
  ['CAP_NET_RAW', 'NET_RAW'],
  ['all', 'ALL'],
])('the capability %s is %s', (written, name) => {
  expect(setting({ cap_add: [written] }, 'capabilities', 'add')).toEqual([name])
  expect(setting({ cap_drop: [written] }, 'capabilities', 'drop')).toEqual([name])
})

describe('what is shared with the host', () => {
  it.each<[JsonObject, string]>([
    [{ network_mode: 'host' }, 'hostNetwork'],
    [{ pid: 'host' }, 'hostPID'],
    [{ ipc: 'host' }, 'hostIPC'],
  ])('%j', (service, member) => {
    expect(valueAt(podOf(service).value, ['spec', member])).toBe(true)
  })

  it.each<[JsonObject]>([
    [{ network_mode: 'bridge' }],
    [{ network_mode: 'service:db' }],
    [{ pid: 'container:x' }],
    [{ ipc: 'shareable' }],
  ])('is nothing by %j', (service) => {
    expect(Object.keys(valueAt(podOf(service).value, ['spec']) as object)).toEqual(['containers'])
  })

  const hostNet = { external: true, name: 'host' }
  it.each<[string, unknown, JsonObject, boolean]>([
    ['by name', ['outside'], { outside: hostNet }, true],
    ['as a map', { outside: null }, { outside: hostNet }, true],
    ['by the older form', ['outside'], { outside: { external: { name: 'host' } } }, true],
    ['by its own name', ['host'], { host: { external: 'yes' } }, true],
    ['another external network', ['outside'], { outside: { external: true, name: 'shared' } }, false],
    ['one that only is called so', ['host'], { host: { driver: 'bridge' } }, false],
    ['one that the service does not join', ['inside'], { inside: {}, outside: hostNet }, false],
  ])('the network of the host, %s', (_, networks, declared, isHost) => {
    const { value, sources } = podOf({ networks }, { networks: declared })
    expect(valueAt(value, ['spec', 'hostNetwork'])).toBe(isHost ? true : undefined)
    const [source] = sources.get(JSON.stringify(['spec', 'hostNetwork'])) ?? []
    expect(source).toBe(isHost ? 'networks' : undefined)
  })
})

describe('volumes of a service', () => {
  const hostPath = (path: string) => ({ hostPath: { path } })
  it.each<[string, unknown, JsonObject]>([
    ['a folder of the host', '/var/run/docker.sock:/sock', hostPath('/var/run/docker.sock')],
    ['one from home', '~/data:/data', hostPath('~/data')],
    ['one above', '../conf:/conf:ro', hostPath('../conf')],
    ['one that leads above', './a/../../x:/x:ro', hostPath('./a/../../x')],
    ['one of a variable', `\${PWD}/x:/x`, hostPath(`\${PWD}/x`)],
    ['its own folder, to write', './conf:/conf', hostPath('./conf')],
    ['its own folder, to read', './conf:/conf:ro,z', { configMap: {} }],
    ['a drive of Windows', String.raw`C:\data:/data`, hostPath(String.raw`C:\data`)],
    ['a drive with slashes', 'c:/data:/data:ro', hostPath('c:/data')],
    ['a share of Windows', String.raw`\\nas\x:/x`, hostPath(String.raw`\\nas\x`)],
    ['a named volume', 'data:/data', { persistentVolumeClaim: {} }],
    ['no name', '/scratch', { emptyDir: {} }],
    ['a bind', { type: 'bind', source: '/etc', target: '/x' }, hostPath('/etc')],
    [
      'a bind that is read',
      { type: 'bind', source: './x', target: '/x', read_only: 'true' },
      { configMap: {} },
    ],
    ['a tmpfs', { type: 'tmpfs', target: '/x' }, { emptyDir: {} }],
    ['an image', { type: 'image', source: 'x', target: '/x' }, { image: {} }],
    ['a volume', { type: 'volume', source: 'data', target: '/x' }, { persistentVolumeClaim: {} }],
  ])('%s', (_, volume, expected) => {
    expect(volumesOf({ volumes: [volume] })).toEqual([expected])
  })

  it.each<[string, JsonObject, JsonObject]>([
    [
      'a folder of the host',
      { driver_opts: { type: 'none', o: 'bind', device: '/etc' } },
      { hostPath: { path: '/etc' } },
    ],
    ['a disk', { driver_opts: { type: 'ext4', device: '/dev/sda1' } }, { hostPath: { path: '/dev/sda1' } }],
    [
      'a folder beside the file',
      { driver_opts: { o: 'bind', device: './data' } },
      { hostPath: { path: './data' } },
    ],
    [
      'a folder of another machine',
      { driver_opts: { type: 'nfs', device: ':/srv' } },
      { persistentVolumeClaim: {} },
    ],
    ['memory', { driver_opts: { type: 'tmpfs', device: 'tmpfs' } }, { persistentVolumeClaim: {} }],
    ['of a driver', { driver: 'rexray' }, { persistentVolumeClaim: {} }],
  ])('a named volume that is %s', (_, declared, expected) => {
    const file = { volumes: { data: declared } }
    expect(volumesOf({ volumes: ['data:/data:ro'] }, file)).toEqual([expected])
    const long = { type: 'volume', source: 'data', target: '/data' }
    expect(volumesOf({ volumes: [long] }, file)).toEqual([expected])
  })

  it.each(['configs', 'secrets'])(
    '%s are files: those of the host are told, the own ones are settings',
    (kind) => {
      const file = {
        [kind]: { shadow: { file: '/etc/shadow' }, own: { file: './own' }, text: { content: 'x' } },
      }
      const service = { [kind]: ['shadow', { source: 'own', target: '/own' }, 'text', 'unknown'] }
      expect(volumesOf(service, file)).toEqual([{ hostPath: { path: '/etc/shadow' } }, { configMap: {} }])
      const mounts = listAt(podOf(service, file).value, ['spec', 'containers', 0, 'volumeMounts'])
      expect(mounts.map((mount) => valueAt(mount, ['mountPath']))).toEqual([`/run/${kind}/shadow`, '/own'])
    },
  )

  it('and devices and tmpfs have each a place in the pod, with the line of the service', () => {
    const service = {
      tmpfs: '/run:size=1m',
      devices: ['/dev/kvm:/dev/kvm:rw', { source: '/dev/sda', target: '/dev/x' }],
    }
    expect(volumesOf(service)).toEqual([
      { emptyDir: {} },
      { hostPath: { path: '/dev/kvm' } },
      { hostPath: { path: '/dev/sda' } },
    ])
    const { value, sources } = podOf(service)
    const mounts = listAt(value, ['spec', 'containers', 0, 'volumeMounts'])
    expect(mounts.map((mount) => valueAt(mount, ['mountPath']))).toEqual(['/run', '/dev', '/dev'])
    expect(sources.get(JSON.stringify(['spec', 'volumes', 2]))).toEqual(['devices', 1])
  })
})

it.each<[unknown, unknown]>([
  ['8080', { containerPort: 8080, protocol: 'TCP' }],
  [8080, { containerPort: 8080, protocol: 'TCP' }],
  ['80:8080', { containerPort: 8080, protocol: 'TCP' }],
  ['127.0.0.1:53:5353/udp', { containerPort: 5353, protocol: 'UDP' }],
  ['[::1]:80:8080/tcp', { containerPort: 8080, protocol: 'TCP' }],
  ['9090-9091:8080', { containerPort: 8080, protocol: 'TCP' }],
  [
    { target: 80, published: '8080', protocol: 'udp' },
    { containerPort: 80, protocol: 'UDP' },
  ],
  ['8080-8090', undefined],
  ['', undefined],
  [{}, undefined],
])('the port %j is %j', (port, expected) => {
  const ports = listAt(podOf({ ports: [port] }).value, ['spec', 'containers', 0, 'ports'])
  expect(ports).toEqual(expected === undefined ? [] : [expected])
})

it.each([[['net.core.somaxconn=1024']], [{ 'net.core.somaxconn': 1024 }]])(
  'sysctls %j are told by name',
  (sysctls) => {
    expect(valueAt(podOf({ sysctls }).value, ['spec', 'securityContext', 'sysctls'])).toEqual([
      { name: 'net.core.somaxconn' },
    ])
  },
)

it('a name of a service that every object has is a name like any other', () => {
  const text = 'services:\n  __proto__: { image: a }\n  constructor: { image: b, privileged: yes }\n'
  const { pods, images } = readManifests('compose.yaml', text)
  expect(pods.map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
  expect(images.map(({ text: name }) => name)).toEqual(['a', 'b'])
  expect(valueAt(pods[1]?.value, [...context, 'privileged'])).toBe(true)
})

it('whatever a service and its file hold, the pod has one container, and every part of it a place', () => {
  const value = fc.jsonValue({ maxDepth: 3 })
  const members = ['privileged', 'user', 'security_opt', 'volumes', 'networks', 'ports', 'sysctls', 'devices']
  const service = fc.record(Object.fromEntries(members.map((name) => [name, value])), { requiredKeys: [] })
  const file = fc.record(
    { volumes: value, networks: value, secrets: value, configs: value },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(service, file, (one, top) => {
      const { value: pod, sources } = podOf(one as JsonObject, top as JsonObject)
      expect(listAt(pod, ['spec', 'containers'])).toHaveLength(1)
      const volumes = listAt(pod, ['spec', 'volumes'])
      expect(listAt(pod, ['spec', 'containers', 0, 'volumeMounts'])).toHaveLength(volumes.length)
      for (const index of volumes.keys())
        expect(sources.has(JSON.stringify(['spec', 'volumes', index]))).toBe(true)
    }),
    { numRuns: 200 },
  )
})
