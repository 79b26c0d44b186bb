import type { DeclaredPort } from '../model/assess/run-contract.ts'
import type { LockdownFacts } from './facts.ts'

/** An empty, writable file system in a container whose root is read-only. */
export interface Mount {
  /** Absolute. */
  readonly path: string
  /** "data" outlives the container, "scratch" does not. */
  readonly kind: 'data' | 'scratch'
  /** What says that it is needed, as a phrase. */
  readonly why: string
  /** How many files and folders of the image it hides. */
  readonly hides: number
  /** Of the folder in the image, where it is there. */
  readonly owner?: { readonly uid: number; readonly gid: number; readonly mode: number }
}

/** What an image may do where it runs: the same for every platform that can say it. */
export interface Lockdown {
  /** "NAME@DIGEST". */
  readonly image: string
  /** For objects and services: a DNS label (RFC 1123). */
  readonly name: string
  /** Undefined: it has to run as root, or as somebody whom the image does not know. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  readonly mounts: readonly Mount[]
  readonly ports: readonly DeclaredPort[]
  /** Name of a kernel setting of the container → its value. */
  readonly sysctls: Readonly<Record<string, string>>
  /** The strictest Pod Security Standard that it keeps to, and what keeps it from "restricted". */
  readonly podSecurity: { readonly level: 'restricted' | 'baseline'; readonly below: readonly string[] }
  /** Where nothing proves what it needs: starting points that have to be measured. */
  readonly resources: ResourceHints
  /** What whoever runs it has to know, as sentences. */
  readonly notes: readonly string[]
}

export interface ResourceHints {
  readonly cpu: string
  readonly memoryMiB: number
  readonly processes: number
  readonly scratchMiB: number
}

/** No image says how much it needs, so these are guesses, and are called so wherever they are written. */
const hints: ResourceHints = { cpu: '100m', memoryMiB: 256, processes: 256, scratchMiB: 64 }

/** Most mounts that are made because a folder looks as if it was to be written to. */
const mostGuessed = 20

/** Decides from facts alone, so that the same image gives the same answer. */
export function planLockdown(facts: LockdownFacts): Lockdown {
  const { contract } = facts
  const user = facts.user?.uid === 0 ? undefined : facts.user
  const low = contract.ports.filter(({ port }) => port < 1024)
  const mounts = mountsOf(facts)
  return {
    image: `${facts.name}@${facts.digest}`,
    name: dnsLabel(facts.name),
    user,
    mounts,
    ports: contract.ports,
    // Also for root, who has no capability left for it.
    sysctls: low.length > 0 ? { 'net.ipv4.ip_unprivileged_port_start': '0' } : {},
    podSecurity:
      user === undefined
        ? { level: 'baseline', below: [rootReason(facts)] }
        : { level: 'restricted', below: [] },
    resources: hints,
    notes: notesOf(facts, mounts),
  }
}

function rootReason({ contract, user }: LockdownFacts): string {
  if (user !== undefined)
    return contract.user === '' ? 'the image names no user, so it runs as root' : 'the image runs as root'
  return `no user in the image's /etc/passwd is called ${JSON.stringify(contract.user.slice(0, 80))}`
}

function mountsOf({ contract, folders, writable }: LockdownFacts): readonly Mount[] {
  const mounts = new Map<string, Mount>()
  const add = (path: string, kind: Mount['kind'], why: string) => {
    const folder = folders.get(path)
    mounts.set(path, {
      path,
      kind,
      why,
      hides: folder?.holds ?? 0,
      ...(folder === undefined ? {} : { owner: { uid: folder.uid, gid: folder.gid, mode: folder.mode } }),
    })
  }
  for (const path of contract.writable ?? []) add(path, 'scratch', 'the image declares it writable')
  if (contract.writable === undefined)
    for (const { path } of writable.filter(({ holds }) => holds === 0).slice(0, mostGuessed))
      add(path, 'scratch', 'an empty folder that its user may write to')
  for (const path of contract.volumes) add(path, 'data', 'a volume of the image')
  return [...mounts.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function notesOf(facts: LockdownFacts, mounts: readonly Mount[]): readonly string[] {
  const { contract, writable, privileged, folders, user } = facts
  const full = contract.writable === undefined ? writable.filter(({ holds }) => holds > 0) : []
  const absent = (contract.writable ?? []).filter((path) => !folders.has(path))
  const closed = (contract.writable ?? []).filter(
    (path) => folders.has(path) && user?.uid !== 0 && !writable.some((each) => each.path === path),
  )
  return [
    ...(user?.uid === 0
      ? [
          'As root without capabilities it cannot change to another user or change the owner of files: programs that do so when they start will fail.',
        ]
      : []),
    ...contract.unusable.map((what) => `Left out, ${what}.`),
    ...mounts
      .filter(({ hides }) => hides > 0)
      .map(
        ({ path, hides }) =>
          `${path} holds ${hides} ${hides === 1 ? 'entry' : 'entries'} in the image, hidden by the empty file system mounted over it.`,
      ),
    ...listNote(absent, 'The image says that it writes to paths that it does not have'),
    ...listNote(closed, 'The image says that it writes to folders that its user may not write to'),
    ...listNote(
      full.map(({ path }) => path),
      'Its user may write to these folders, which are not empty; they stay read-only',
    ),
    ...listNote(privileged, 'Files can no longer raise privileges: these lose the rights that they have'),
    ...(contract.command.length === 0 ? ['The image names no program: say which one to run.'] : []),
    ...(contract.ports.length === 0 ? ['The image declares no port, so nothing may connect to it.'] : []),
  ]
}

function listNote(paths: readonly string[], what: string): readonly string[] {
  if (paths.length === 0) return []
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : ''
  return [`${what}: ${paths.slice(0, 5).join(', ')}${more}.`]
}

/** A name that Kubernetes takes for objects, made of the last part of an image's name. */
export function dnsLabel(name: string): string {
  const last = name.split('/').at(-1) ?? ''
  const plain = last
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^[-0-9]+|-+$/g, '')
  return plain === '' ? 'app' : plain
}

/** Names of what is mounted at these paths: DNS labels, each another one. */
export function mountNames(mounts: readonly Mount[]): readonly string[] {
  const taken = new Set<string>()
  return mounts.map(({ path }) => {
    const plain = path
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+/, '')
    const base = plain.slice(0, 50).replace(/-+$/, '') || 'folder'
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`
    taken.add(name)
    return name
  })
}
