import { isObject, itemsOf, type JsonObject, membersOf, scalarText, textOf } from '../base/json/value.ts'
import { accountId } from '../model/assess/account-id.ts'
import type { FieldPath } from '../model/assess/workload.ts'

/** A service in the words of a pod, and which member of the service each part came from. */
export interface ComposePod {
  readonly value: JsonObject
  /** Path in the value as JSON → path in the service. */
  readonly sources: ReadonlyMap<string, FieldPath>
}

const container: FieldPath = ['spec', 'containers', 0]
const context = [...container, 'securityContext']

/**
 * What a service of Compose asks of the kernel, as a pod would ask it. Docker's own defaults are written out: it has a
 * seccomp profile without being asked, and lets programs gain privileges unless told not to.
 */
export function podOfService(name: string, service: JsonObject): ComposePod {
  const pod = new PodWriter()
  pod.put([...container, 'name'], name, [])
  pod.put([...container, 'image'], service['image'], ['image'])
  pod.put([...context, 'privileged'], service['privileged'], ['privileged'])
  pod.put([...context, 'readOnlyRootFilesystem'], service['read_only'], ['read_only'])
  for (const [member, field] of [
    ['network_mode', 'hostNetwork'],
    ['pid', 'hostPID'],
    ['ipc', 'hostIPC'],
  ] as const)
    if (service[member] === 'host') pod.put(['spec', field], true, [member])
  putUser(service, pod)
  putOptions(service, pod)
  const capability = (value: unknown) => scalarText(value).toUpperCase().replace(/^CAP_/, '')
  for (const [member, field] of [
    ['cap_add', 'add'],
    ['cap_drop', 'drop'],
  ] as const)
    itemsOf(service[member]).forEach((value, i) => {
      pod.put([...context, 'capabilities', field, i], capability(value), [member, i])
    })
  putSysctls(service['sysctls'], pod)
  putPorts(service['ports'], pod)
  putVolumes(service, pod)
  return pod
}

class PodWriter implements ComposePod {
  readonly value: Record<string, unknown> = { metadata: {}, spec: { containers: [{}] } }
  readonly sources = new Map<string, FieldPath>()

  /** Sets a value; lists and objects above it are made. Nothing for `undefined`. */
  put(path: FieldPath, value: unknown, source: FieldPath): void {
    if (value === undefined) return
    let at = this.value as Record<string | number, unknown>
    path.slice(0, -1).forEach((part, i) => {
      at[part] ??= typeof path[i + 1] === 'number' ? [] : {}
      at = at[part] as Record<string | number, unknown>
    })
    at[path.at(-1) ?? ''] = value
    this.sources.set(JSON.stringify(path), source)
  }
}

function putUser({ user }: JsonObject, pod: PodWriter): void {
  if (user === undefined || user === null) return
  const name = scalarText(user).split(':', 1)[0] ?? ''
  const uid = name === 'root' ? 0 : accountId(name)
  if (uid !== undefined) {
    pod.put([...context, 'runAsUser'], uid, ['user'])
    pod.put([...context, 'runAsNonRoot'], uid !== 0, ['user'])
  }
}

/** `security_opt` (docker run, "Security configuration"): "NAME=VALUE" or "NAME:VALUE". */
function putOptions(service: JsonObject, pod: PodWriter): void {
  pod.put([...context, 'seccompProfile', 'type'], 'RuntimeDefault', [])
  itemsOf(service['security_opt']).forEach((option, i) => {
    const [, name = '', value = ''] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(scalarText(option)) ?? []
    const source = ['security_opt', i]
    const profile = value === 'unconfined' ? 'Unconfined' : 'Localhost'
    if (name === 'no-new-privileges' && value !== 'false')
      pod.put([...context, 'allowPrivilegeEscalation'], false, source)
    if (name === 'seccomp') pod.put([...context, 'seccompProfile', 'type'], profile, source)
    if (name === 'apparmor') pod.put([...context, 'appArmorProfile', 'type'], profile, source)
    if (name === 'label') {
      const [key = '', label] = value.split(':', 2)
      if (key === 'disable') pod.put([...context, 'seLinuxOptions', 'type'], 'disable', source)
      else if (['type', 'user', 'role'].includes(key))
        pod.put([...context, 'seLinuxOptions', key], label ?? '', source)
    }
  })
}

function putSysctls(value: unknown, pod: PodWriter): void {
  const names = Array.isArray(value)
    ? value.map((text, i) => [scalarText(text).split('=', 1)[0], i] as const)
    : membersOf(value).map(([name]) => [name, name] as const)
  names.forEach(([name, key], i) => {
    pod.put(['spec', 'securityContext', 'sysctls', i], { name }, ['sysctls', key])
  })
}

/** The container's port of "IP:HOST:CONTAINER/PROTOCOL" or of the long form. Ranges are left out. */
function putPorts(value: unknown, pod: PodWriter): void {
  itemsOf(value).forEach((port, i) => {
    const [text = '', protocol = 'tcp'] = isObject(port)
      ? [scalarText(port['target']), textOf(port['protocol'])]
      : (scalarText(port).split(':').at(-1) ?? '').split('/', 2)
    if (/^\d{1,5}$/.test(text))
      pod.put([...container, 'ports', i], { containerPort: Number(text), protocol: protocol.toUpperCase() }, [
        'ports',
        i,
      ])
  })
}

interface ServiceMount {
  readonly target: string
  readonly source: FieldPath
  /** What a pod would have. */
  readonly volume: JsonObject
}

function putVolumes(service: JsonObject, pod: PodWriter): void {
  const tmpfs = typeof service['tmpfs'] === 'string' ? [service['tmpfs']] : itemsOf(service['tmpfs'])
  const mounts: readonly ServiceMount[] = [
    ...itemsOf(service['volumes']).flatMap((volume, i) => mountOf(volume, ['volumes', i])),
    ...tmpfs.map((text, i) => ({
      ...{ target: scalarText(text).split(':', 1)[0] ?? '', source: ['tmpfs', i], volume: { emptyDir: {} } },
    })),
    ...itemsOf(service['devices']).map((device, i) => ({
      ...{ target: '/dev', source: ['devices', i] },
      volume: { hostPath: { path: scalarText(device).split(':', 1)[0] } },
    })),
  ]
  mounts.forEach(({ target, source, volume }, i) => {
    pod.put(['spec', 'volumes', i], { name: `volume-${i}`, ...volume }, source)
    pod.put([...container, 'volumeMounts', i], { name: `volume-${i}`, mountPath: target }, source)
  })
}

/** "SOURCE:TARGET:MODE", "TARGET", or the long form. A path is a folder of the host, a name a volume. */
function mountOf(volume: unknown, source: FieldPath): readonly ServiceMount[] {
  if (isObject(volume)) {
    const target = scalarText(volume['target'])
    if (volume['type'] === 'bind')
      return [
        { target, source, volume: hostFolder(scalarText(volume['source']), volume['read_only'] === true) },
      ]
    const kind =
      volume['type'] === 'tmpfs' ? 'emptyDir' : volume['type'] === 'image' ? 'image' : 'persistentVolumeClaim'
    return [{ target, source, volume: { [kind]: {} } }]
  }
  const parts = scalarText(volume).split(':')
  if (parts.length === 1) return [{ target: parts[0] ?? '', source, volume: { emptyDir: {} } }]
  const [from = '', target = '', mode = ''] = parts
  const isPath = /^[.~/]|^\$/.test(from)
  if (!isPath) return [{ target, source, volume: { persistentVolumeClaim: {} } }]
  return [{ target, source, volume: hostFolder(from, mode.split(',').includes('ro')) }]
}

/** Files beside the Compose file that only are read are its own configuration, not the host's. */
function hostFolder(path: string, readOnly: boolean): JsonObject {
  const own = path.startsWith('./') && !path.split('/').includes('..')
  return readOnly && own ? { configMap: {} } : { hostPath: { path } }
}
