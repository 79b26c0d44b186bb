import {
  isObject,
  itemsOf,
  type JsonObject,
  memberOf,
  membersOf,
  scalarText,
  textOf,
} from '../base/json/value.ts'
import { accountId } from '../model/assess/account-id.ts'
import type { FieldPath } from '../model/assess/workload.ts'

/** A service in the words of a pod, and which member of the service each part came from. */
export interface ComposePod {
  readonly value: JsonObject
  /** Path in the value as JSON → path in the service. */
  readonly sources: ReadonlyMap<string, FieldPath>
}

/** What of the host the file gives to services under names of its own. */
export interface ComposeHost {
  /** Volumes that are a folder or device of the host: name → path. */
  readonly volumes: ReadonlyMap<string, string>
  /** Files of configs and secrets: "configs/NAME" → path. */
  readonly files: ReadonlyMap<string, string>
  /** Names of networks that are the host's own. */
  readonly networks: ReadonlySet<string>
}

const nothingOfTheHost: ComposeHost = { volumes: new Map(), files: new Map(), networks: new Set() }

/** Reads what of the host stands at the top of a Compose file (compose-spec: volumes, networks, configs, secrets). */
export function hostOfFile(file: unknown): ComposeHost {
  const members = (name: string) => membersOf(memberOf(file, name))
  return {
    // The driver "local" mounts `device`, which is how a named volume is made a folder of the host.
    volumes: new Map(
      members('volumes').flatMap(([name, volume]) => {
        const device = scalarText(memberOf(memberOf(volume, 'driver_opts'), 'device'))
        return /^[.~/$]/.test(device) ? [[name, device] as const] : []
      }),
    ),
    files: new Map(
      ['configs', 'secrets'].flatMap((kind) =>
        members(kind).flatMap(([name, each]) => {
          const path = textOf(memberOf(each, 'file'))
          return path === undefined ? [] : [[`${kind}/${name}`, path] as const]
        }),
      ),
    ),
    networks: new Set(
      members('networks').flatMap(([name, network]) => {
        const external = memberOf(network, 'external')
        const isExternal = isObject(external) || truthOf(external) === true
        const called = memberOf(network, 'name') ?? memberOf(external, 'name') ?? name
        return isExternal && called === 'host' ? [name] : []
      }),
    ),
  }
}

const container: FieldPath = ['spec', 'containers', 0]
const context = [...container, 'securityContext']

/**
 * What a service of Compose asks of the kernel, as a pod would ask it. Docker's own defaults are written out: it has a
 * seccomp profile without being asked, and lets programs gain privileges unless told not to. `host` is what the rest of
 * the file has of the host.
 */
export function podOfService(
  name: string,
  service: JsonObject,
  host: ComposeHost = nothingOfTheHost,
): ComposePod {
  const pod = new PodWriter()
  pod.put([...container, 'name'], name, [])
  pod.put([...container, 'image'], service['image'], ['image'])
  pod.put([...context, 'privileged'], truthOf(service['privileged']), ['privileged'])
  pod.put([...context, 'readOnlyRootFilesystem'], truthOf(service['read_only']), ['read_only'])
  for (const [member, field] of [
    ['network_mode', 'hostNetwork'],
    ['pid', 'hostPID'],
    ['ipc', 'hostIPC'],
  ] as const)
    if (service[member] === 'host') pod.put(['spec', field], true, [member])
  putNetworks(service['networks'], { pod, host })
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
  putVolumes(service, { pod, host })
  return pod
}

/** Texts that stand for true and false, as Compose turns them into what a member should be. */
const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 't', 'y', 'yes', 'on'].map((text) => [text, true] as const),
  ...['false', '0', 'f', 'n', 'no', 'off'].map((text) => [text, false] as const),
])

/** A truth, also as a text; anything else as it is, so that rules see that it is neither. */
function truthOf(value: unknown): unknown {
  return typeof value === 'string' ? (truths.get(value.toLowerCase()) ?? value) : value
}

/** A network of the file may be the host's own, under any name. */
function putNetworks(
  value: unknown,
  { pod, host }: { readonly pod: PodWriter; readonly host: ComposeHost },
): void {
  const names = isObject(value) ? Object.keys(value) : itemsOf(value).map(scalarText)
  names.forEach((name, i) => {
    if (host.networks.has(name))
      pod.put(['spec', 'hostNetwork'], true, ['networks', isObject(value) ? name : i])
  })
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

/** What Docker takes for "no" (Go's strconv.ParseBool). */
const noes: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

/** `security_opt` (docker run, "Security configuration"): "NAME=VALUE" or "NAME:VALUE". */
function putOptions(service: JsonObject, pod: PodWriter): void {
  pod.put([...context, 'seccompProfile', 'type'], 'RuntimeDefault', [])
  itemsOf(service['security_opt']).forEach((option, i) => {
    const [, name = '', value = ''] = /^([a-z-]+)(?:[=:](.*))?$/s.exec(scalarText(option)) ?? []
    const source = ['security_opt', i]
    const profile = value === 'unconfined' ? 'Unconfined' : 'Localhost'
    if (name === 'no-new-privileges')
      pod.put([...context, 'allowPrivilegeEscalation'], noes.has(value), source)
    if (name === 'systempaths' && value === 'unconfined')
      pod.put([...context, 'procMount'], 'Unmasked', source)
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

function putVolumes(
  service: JsonObject,
  { pod, host }: { readonly pod: PodWriter; readonly host: ComposeHost },
): void {
  const tmpfs = typeof service['tmpfs'] === 'string' ? [service['tmpfs']] : itemsOf(service['tmpfs'])
  const mounts: readonly ServiceMount[] = [
    ...itemsOf(service['volumes']).flatMap((volume, i) => mountOf(volume, { source: ['volumes', i], host })),
    ...tmpfs.map((text, i) => ({
      target: scalarText(text).split(':', 1)[0] ?? '',
      source: ['tmpfs', i],
      volume: { emptyDir: {} },
    })),
    ...itemsOf(service['devices']).map((device, i) => ({
      target: '/dev',
      source: ['devices', i],
      volume: {
        hostPath: { path: isObject(device) ? device['source'] : scalarText(device).split(':', 1)[0] },
      },
    })),
    ...(['configs', 'secrets'] as const).flatMap((member) =>
      itemsOf(service[member]).flatMap((each, i): ServiceMount[] => {
        const name = scalarText(isObject(each) ? each['source'] : each)
        const path = host.files.get(`${member}/${name}`)
        const target = (isObject(each) && textOf(each['target'])) || `/run/${member}/${name}`
        return path === undefined ? [] : [{ target, source: [member, i], volume: hostFolder(path, true) }]
      }),
    ),
  ]
  mounts.forEach(({ target, source, volume }, i) => {
    pod.put(['spec', 'volumes', i], { name: `volume-${i}`, ...volume }, source)
    pod.put([...container, 'volumeMounts', i], { name: `volume-${i}`, mountPath: target }, source)
  })
}

/** "SOURCE:TARGET:MODE", "TARGET", or the long form. A path is a folder of the host, a name a volume. */
function mountOf(
  volume: unknown,
  { source, host }: { readonly source: FieldPath; readonly host: ComposeHost },
): readonly ServiceMount[] {
  const named = (target: string, name: string) => {
    const path = host.volumes.get(name)
    return {
      target,
      source,
      volume: path === undefined ? { persistentVolumeClaim: {} } : hostFolder(path, false),
    }
  }
  if (isObject(volume)) {
    const target = scalarText(volume['target'])
    const from = scalarText(volume['source'])
    if (volume['type'] === 'bind')
      return [{ target, source, volume: hostFolder(from, truthOf(volume['read_only']) === true) }]
    if (volume['type'] === 'tmpfs') return [{ target, source, volume: { emptyDir: {} } }]
    return [volume['type'] === 'image' ? { target, source, volume: { image: {} } } : named(target, from)]
  }
  const parts = partsOf(scalarText(volume))
  if (parts.length === 1) return [{ target: parts[0] ?? '', source, volume: { emptyDir: {} } }]
  const [from = '', target = '', mode = ''] = parts
  if (!/^[.~/$\\]|^[A-Za-z]:/.test(from)) return [named(target, from)]
  return [{ target, source, volume: hostFolder(from, mode.split(',').includes('ro')) }]
}

/** Colons separate, but for the one behind the letter of a drive: "C:\\data:/data". */
function partsOf(text: string): readonly string[] {
  const [, drive = '', rest = ''] = /^([A-Za-z]:(?=[\\/]))?(.*)$/s.exec(text) ?? []
  const [first = '', ...others] = rest.split(':')
  return [drive + first, ...others]
}

/** Files beside the Compose file that only are read are its own configuration, not the host's. */
function hostFolder(path: string, readOnly: boolean): JsonObject {
  const own = path.startsWith('./') && !path.split('/').includes('..')
  return readOnly && own ? { configMap: {} } : { hostPath: { path } }
}
