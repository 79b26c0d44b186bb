import type { ImageConfig } from '../image.ts'
import { accountId } from './account-id.ts'

/** The label in which an image says where it needs to write: absolute paths separated by spaces. */
export const writablePathsLabel = 'io.temper.writable-paths'

/** Most of anything that is read from one configuration: more is no image that somebody runs. */
const mostOfAKind = 100

/** A port that an image listens on (image-spec config.md, "ExposedPorts"). */
export interface DeclaredPort {
  /** From 1 to 65535. */
  readonly port: number
  readonly protocol: 'tcp' | 'udp' | 'sctp'
}

/** What an image declares about how to run it, read from its configuration alone. */
export interface RunContract {
  /** The user as the image names it: "", "65532", "65532:65532", "nonroot", "nonroot:nonroot". */
  readonly user: string
  /** Set when `user` is a number. */
  readonly uid?: number
  readonly gid?: number
  /** Sorted by number, then protocol. */
  readonly ports: readonly DeclaredPort[]
  /** Folders whose content should outlive the container, as sorted absolute paths. */
  readonly volumes: readonly string[]
  /** Folders that it declares to write to, as sorted absolute paths. Undefined when it declares none. */
  readonly writable: readonly string[] | undefined
  /** Entrypoint and cmd, one after the other. */
  readonly command: readonly string[]
  /** Declarations that no container can satisfy, as phrases. */
  readonly unusable: readonly string[]
}

/** Reads the contract from the configuration of any image. */
export function runContract(config: NonNullable<ImageConfig['config']>): RunContract {
  const unusable: string[] = []
  const { User: user = '', Labels: labels = {} } = config
  const [uid, gid] = user.split(':', 2).map(accountId)
  const stated = labels[writablePathsLabel]
  const pathsOf = (all: readonly string[], what: string) => usablePaths(all, { what, unusable })
  return {
    user,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ports: portsOf(Object.keys(config.ExposedPorts ?? {}), unusable),
    volumes: pathsOf(Object.keys(config.Volumes ?? {}), 'volume'),
    writable:
      stated === undefined
        ? undefined
        : pathsOf(
            stated.split(' ').filter((path) => path !== ''),
            'writable path',
          ),
    command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    unusable,
  }
}

/** Whether a path is absolute and plain, and means the same in every syntax of mounts. */
export function isMountPath(path: string): boolean {
  return path.length <= 1000 && /^(?:\/(?!\.{1,2}(?:\/|$))[^/:,"\\\p{Cc}\p{Zl}\p{Zp}]+)+$/u.test(path)
}

function usablePaths(
  all: readonly string[],
  { what, unusable }: { readonly what: string; readonly unusable: string[] },
): readonly string[] {
  const paths = [...new Set(all.map((path) => path.replace(/(?<=.)\/$/, '')))].sort()
  if (paths.length > mostOfAKind) unusable.push(`more than ${mostOfAKind} of: ${what}`)
  return paths.slice(0, mostOfAKind).filter((path) => {
    const usable = isMountPath(path)
    if (!usable) unusable.push(`${what} ${JSON.stringify(path.slice(0, 80))}: not a plain absolute path`)
    return usable
  })
}

function portsOf(all: readonly string[], unusable: string[]): readonly DeclaredPort[] {
  const ports: DeclaredPort[] = []
  for (const text of all.slice(0, mostOfAKind)) {
    const parts = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/.exec(text)
    const [first, last] = [Number(parts?.[1]), Number(parts?.[2] ?? parts?.[1])]
    const possible = first >= 1 && last >= first && last <= 65_535 && last - first < mostOfAKind
    if (parts === null || !possible) unusable.push(`port ${JSON.stringify(text.slice(0, 80))}: not a port`)
    else
      for (let port = first; port <= last; port++)
        ports.push({ port, protocol: (parts[3] ?? 'tcp') as DeclaredPort['protocol'] })
  }
  const unique = new Map(ports.map((each) => [`${each.port}/${each.protocol}`, each]))
  return [...unique.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1))
}
