import type { Architecture } from '../../model/platform.ts'

/** The Python that modules are for. */
export interface PythonEnvironment {
  /** "3.13.5". */
  readonly version: string
  readonly minor: number
  readonly libc: { readonly name: 'glibc' | 'musl'; readonly major: number; readonly minor: number }
  readonly architecture: Architecture
  /** Whether what only development needs is wanted, too. */
  readonly dev?: boolean
}

/** As `uname -m` says. */
export const machines: Readonly<Record<Architecture, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

/** What a package of an image tells of Python and of the C library. */
export interface NamedVersion {
  readonly name: string
  readonly version: string
}

const python = /^(?:lib)?python-?3(?:\.\d+)?(?:-minimal|-base|-stdlib)?$/
/** dpkg's epoch, then the version of upstream. */
const upstream = /^(?:\d+:)?3\.(\d+)(?:\.(\d+))?/

/** The Python of an image with these packages, by their names and versions; undefined when none of them has one. */
export function pythonOf(
  packages: readonly NamedVersion[],
  architecture: Architecture,
): PythonEnvironment | undefined {
  const pythons = packages.flatMap(({ name, version }) => {
    const [, minor, patch] = python.test(name) ? (upstream.exec(version) ?? []) : []
    return minor === undefined ? [] : [{ minor: Number(minor), patch: Number(patch ?? 0) }]
  })
  const [first] = pythons.sort((a, b) => b.minor - a.minor || b.patch - a.patch)
  const libc = packages.flatMap(({ name, version }) => {
    const kind = name === 'musl' ? 'musl' : /^(?:libc6|glibc)$/.test(name) ? 'glibc' : undefined
    const [, major, minor] = /^(?:\d+:)?(\d+)\.(\d+)/.exec(version) ?? []
    return kind === undefined ? [] : [{ name: kind, major: Number(major), minor: Number(minor) } as const]
  })[0]
  if (first === undefined || libc === undefined) return undefined
  return { version: `3.${first.minor}.${first.patch}`, minor: first.minor, libc, architecture }
}
