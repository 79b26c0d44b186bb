import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../base/json/value.ts'
import { runContract } from '../../model/assess/run-contract.ts'
import { broken, container, podOf } from './fixtures/sample.ts'
import { podSecurityLevels } from './level.ts'
import { podRules, standardRules } from './rules.ts'

const withContext = (securityContext: JsonObject): JsonObject => ({
  containers: [container({ securityContext })],
})
const inContext = 'spec.containers.0.securityContext'

/** Rule, pod, and where what is told of it is. */
const cases: readonly (readonly [string, JsonObject, string, string])[] = [
  ['pod-host-namespaces', { hostNetwork: true }, 'spec.hostNetwork', "it shares the host's network"],
  ['pod-host-namespaces', { hostPID: true }, 'spec.hostPID', "it shares the host's processes"],
  ['pod-host-namespaces', { hostIPC: true }, 'spec.hostIPC', "it shares the host's shared memory"],
  // What Kubernetes would refuse as malformed is no reason to let it pass.
  ['pod-host-namespaces', { hostNetwork: 'true' }, 'spec.hostNetwork', "it shares the host's network"],
  [
    'pod-privileged',
    withContext({ privileged: true }),
    `${inContext}.privileged`,
    'container web is privileged',
  ],
  [
    'pod-privileged',
    { initContainers: [container({ securityContext: { privileged: true } }, 'init')] },
    'spec.initContainers.0.securityContext.privileged',
    'container init is privileged',
  ],
  [
    'pod-privileged',
    { ephemeralContainers: [container({ securityContext: { privileged: true } }, 'debug')] },
    'spec.ephemeralContainers.0.securityContext.privileged',
    'container debug is privileged',
  ],
  [
    'pod-capabilities',
    withContext({ capabilities: { add: ['CHOWN', 'SYS_ADMIN'] } }),
    `${inContext}.capabilities.add.1`,
    'container web adds "SYS_ADMIN"',
  ],
  [
    'pod-capabilities',
    withContext({ capabilities: { add: ['chown'] } }),
    `${inContext}.capabilities.add.0`,
    'container web adds "chown"',
  ],
  [
    'pod-capabilities-dropped',
    withContext({ capabilities: { drop: ['NET_RAW'] } }),
    `${inContext}.capabilities.drop`,
    'container web keeps capabilities',
  ],
  [
    'pod-capabilities-dropped',
    withContext({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'KILL'] } }),
    `${inContext}.capabilities.add.1`,
    'container web adds "KILL"',
  ],
  [
    'pod-host-path',
    {
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', hostPath: { path: '/etc' } },
      ],
    },
    'spec.volumes.1.hostPath',
    'it mounts "/etc" of the host',
  ],
  [
    'pod-host-path',
    { volumes: [{ name: 'b', hostPath: {} }] },
    'spec.volumes.0.hostPath',
    'it mounts nothing of the host',
  ],
  [
    'pod-host-ports',
    { containers: [container({ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081 }] })] },
    'spec.containers.0.ports.1.hostPort',
    'container web takes port 8081 of the host',
  ],
  [
    'pod-host-probes',
    { containers: [container({ livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } })] },
    'spec.containers.0.livenessProbe.httpGet.host',
    'livenessProbe of container web asks the host "10.0.0.1"',
  ],
  [
    'pod-host-probes',
    { containers: [container({ lifecycle: { preStop: { tcpSocket: { port: 80, host: 'x' } } } })] },
    'spec.containers.0.lifecycle.preStop.tcpSocket.host',
    'preStop of container web asks the host "x"',
  ],
  [
    'pod-host-process',
    { securityContext: { windowsOptions: { hostProcess: true } } },
    'spec.securityContext.windowsOptions.hostProcess',
    'the pod is a process of the host',
  ],
  [
    'pod-apparmor',
    withContext({ appArmorProfile: { type: 'Unconfined' } }),
    `${inContext}.appArmorProfile.type`,
    'container web has "Unconfined"',
  ],
  [
    'pod-selinux',
    { securityContext: { seLinuxOptions: { type: 'spc_t' } } },
    'spec.securityContext.seLinuxOptions.type',
    'the pod has the type "spc_t"',
  ],
  [
    'pod-selinux',
    withContext({ seLinuxOptions: { user: 'system_u' } }),
    `${inContext}.seLinuxOptions.user`,
    'container web has the user "system_u"',
  ],
  [
    'pod-proc-mount',
    withContext({ procMount: 'Unmasked' }),
    `${inContext}.procMount`,
    'container web sees "Unmasked" of /proc',
  ],
  [
    'pod-proc-mount-default',
    { hostUsers: false, ...withContext({ procMount: 'Unmasked' }) },
    `${inContext}.procMount`,
    'container web sees "Unmasked" of /proc',
  ],
  [
    'pod-seccomp',
    { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    'spec.securityContext.seccompProfile.type',
    'the pod has "Unconfined"',
  ],
  [
    'pod-seccomp-required',
    { containers: [container()] },
    `${inContext}.seccompProfile`,
    'container web has no seccomp profile',
  ],
  [
    'pod-sysctls',
    {
      securityContext: {
        sysctls: [
          { name: 'net.ipv4.tcp_syncookies', value: '1' },
          { name: 'kernel.msgmax', value: '1' },
        ],
      },
    },
    'spec.securityContext.sysctls.1',
    'it changes "kernel.msgmax"',
  ],
  [
    'pod-privilege-escalation',
    { containers: [container()] },
    `${inContext}.allowPrivilegeEscalation`,
    'container web may gain privileges',
  ],
  [
    'pod-non-root',
    { containers: [container()] },
    `${inContext}.runAsNonRoot`,
    'container web may run as root',
  ],
  [
    'pod-non-root',
    { securityContext: { runAsNonRoot: true }, ...withContext({ runAsNonRoot: false }) },
    `${inContext}.runAsNonRoot`,
    'container web may run as root',
  ],
  [
    'pod-root-uid',
    withContext({ runAsUser: 0 }),
    `${inContext}.runAsUser`,
    'container web is started as user 0',
  ],
  [
    'pod-volume-types',
    { volumes: [{ name: 'n', nfs: { server: 'x' } }] },
    'spec.volumes.0.nfs',
    'a volume is a nfs',
  ],
]

describe('what is told of a pod', () => {
  it.each(cases)('%s of %j is at %s: %s', (id, spec, path, found) => {
    expect(broken(id, podOf(spec))).toEqual([{ path, found, level: 'error' }])
  })

  it('has a case for each rule of the standard', () => {
    const tried = new Set(cases.map(([id]) => id))
    expect(standardRules('restricted').filter(({ id }) => !tried.has(id))).toEqual([])
  })
})

describe('what is not told of a pod', () => {
  const quiet: readonly (readonly [string, JsonObject])[] = [
    ['pod-host-namespaces', { hostNetwork: false, hostPID: null }],
    ['pod-privileged', withContext({ privileged: false })],
    ['pod-capabilities', withContext({ capabilities: { add: ['NET_BIND_SERVICE', 'CHOWN'] } })],
    ['pod-capabilities-dropped', { os: { name: 'windows' }, containers: [container()] }],
    ['pod-capabilities-dropped', withContext({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })],
    ['pod-host-path', { volumes: [{ name: 'a', hostPath: null }] }],
    ['pod-host-ports', { containers: [container({ ports: [{ containerPort: 80, hostPort: 0 }] })] }],
    ['pod-host-probes', { containers: [container({ livenessProbe: { httpGet: { port: 80, host: '' } } })] }],
    ['pod-apparmor', withContext({ appArmorProfile: { type: 'Localhost' } })],
    ['pod-selinux', withContext({ seLinuxOptions: { type: 'container_t', user: '', level: 's0:c1' } })],
    ['pod-proc-mount', { hostUsers: false, ...withContext({ procMount: 'Unmasked' }) }],
    ['pod-proc-mount-default', withContext({ procMount: 'Default' })],
    ['pod-seccomp', withContext({ seccompProfile: { type: 'Localhost' } })],
    [
      'pod-seccomp-required',
      { securityContext: { seccompProfile: { type: 'RuntimeDefault' } }, containers: [container()] },
    ],
    ['pod-seccomp-required', { os: { name: 'windows' }, containers: [container()] }],
    ['pod-sysctls', { securityContext: { sysctls: [{ name: 'net.ipv4.ping_group_range', value: '0 1' }] } }],
    ['pod-privilege-escalation', { os: { name: 'windows' }, containers: [container()] }],
    ['pod-privilege-escalation', withContext({ allowPrivilegeEscalation: false })],
    ['pod-non-root', { hostUsers: false, containers: [container()] }],
    ['pod-non-root', { securityContext: { runAsNonRoot: true }, containers: [container()] }],
    ['pod-root-uid', { hostUsers: false, ...withContext({ runAsUser: 0 }) }],
    ['pod-root-uid', withContext({ runAsUser: 1 })],
    ['pod-volume-types', { volumes: [{ name: 'n', nfs: null, secret: {} }, null, 'x', 7] }],
  ]
  it.each(quiet)('by %s: %j', (id, spec) => {
    expect(broken(id, podOf(spec))).toEqual([])
  })

  it.each([
    ['unconfined', true],
    ['localhost/mine', false],
    ['runtime/default', false],
    ['', false],
    [7, true],
  ])('by the annotation of AppArmor before 1.30 that says %j: told %s', (value, told) => {
    const name = 'container.apparmor.security.beta.kubernetes.io/web'
    const violations = broken(
      'pod-apparmor',
      podOf({}, { annotations: { [name]: value, other: 'unconfined' } }),
    )
    expect(violations.map(({ path }) => path)).toEqual(told ? [`metadata.annotations.${name}`] : [])
  })
})

describe('levels of the standard', () => {
  it('ask each for all that the one below asks', () => {
    const asked = podSecurityLevels.map((level) => standardRules(level).map(({ id }) => id))
    const [privileged = ['x'], baseline = [], restricted = []] = asked
    expect(privileged).toEqual([])
    expect(restricted.slice(0, baseline.length)).toEqual(baseline)
    expect(restricted.length).toBeGreaterThan(baseline.length)
    expect(new Set(podRules.map(({ id }) => id)).size).toBe(podRules.length)
  })
})

it('whatever a pod is made of, rules tell something of it or nothing, in short phrases', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  const odd = fc.record(
    {
      ...Object.fromEntries(
        ['hostNetwork', 'hostUsers', 'os', 'volumes', 'securityContext'].map((name) => [name, json]),
      ),
      containers: fc.array(
        fc.record({
          name: fc.string(),
          ...Object.fromEntries(
            ['securityContext', 'ports', 'livenessProbe', 'volumeMounts'].map((name) => [name, json]),
          ),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(odd, json, (spec, annotations) => {
      const pod = podOf(spec as JsonObject, { annotations } as JsonObject)
      const contracts = new Map(pod.containers.map((each) => [each, runContract({ User: 'x' })]))
      for (const rule of podRules)
        for (const { found, place, rule: id } of rule.check({ pod, contracts })) {
          expect([id, place.kind]).toEqual([rule.id, 'span'])
          expect(found.length).toBeLessThan(1000)
        }
    }),
    { numRuns: 200 },
  )
})
