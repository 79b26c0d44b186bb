import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Component } from '../../../model/inventory.ts'
import type { MatchTarget } from './target.ts'

/** Lists of Red Hat's extended streams: "Red Hat:rhel_eus:9.4::baseos". */
const stream = /^Red Hat:rhel_([a-z0-9]+)[a-z0-9_]*:(\d+\.\d+)(?:::|$)/

/**
 * The list for a Red Hat release. After the end of a release only customers of the extended life cycle get fixes, and
 * no other list covers its vulnerabilities.
 */
export function redHatPlace(ecosystem: string): Pick<MatchTarget, 'list'> {
  if (ecosystem.startsWith('Red Hat:rhel_els:')) return { list: 'fallback' }
  return stream.test(ecosystem) ? { list: 'branch' } : {}
}

/**
 * Whether a package belongs to an extended stream. A stream covers the packages that were built for its minor
 * release, which their release shows ("28.el9_4.1", in modules "2.module+el8.4.0+17389"), and those from its
 * repository, where that is known. Packages from the common repository get none of its fixes.
 */
export function isOfStream({
  version,
  purl,
  distribution,
}: Pick<Component, 'version' | 'purl' | 'distribution'>): (ecosystem: string) => boolean {
  const [, major, minor] = /\.el(\d+)_(\d+)/.exec(version) ?? []
  const [, ofModule, minorOfModule] = /\.module\+el(\d+)\.(\d+)\./.exec(version) ?? []
  const built = [`${major}.${minor}`, `${ofModule}.${minorOfModule}`]
  const isBuiltForMinor = minor !== undefined || minorOfModule !== undefined
  const from = repositoryOf(purl)
  return (ecosystem) => {
    const [, kind, release = ''] = stream.exec(ecosystem) ?? []
    if (kind === undefined) return true
    if (from === undefined) return built.includes(release)
    if (from.kind !== kind) return false
    if (from.release !== undefined) return from.release === release
    return isBuiltForMinor ? built.includes(release) : distribution?.version === release
  }
}

/**
 * The release whose extended streams have lists that may cover a package, when neither its version nor a repository
 * says whether it belongs to one of them.
 */
export function undecidedRelease(
  { version, purl, distribution }: Pick<Component, 'version' | 'purl' | 'distribution'>,
  ecosystems: readonly string[],
): string | undefined {
  const release = distribution?.version
  if (release === undefined || /\.el\d+_\d|\.module\+el/.test(version) || repositoryOf(purl) !== undefined)
    return undefined
  return ecosystems.some((ecosystem) => stream.exec(ecosystem)?.[2] === release) ? release : undefined
}

interface Repository {
  /** "eus", "aus", "e4s", "tus"; absent: the common one. */
  readonly kind?: string
  readonly release?: string
}

/**
 * The repository that a package URL names (purl-spec, `repository_id`), as Red Hat calls its own: "rhel-9-for-x86_64-baseos-rpms",
 * "rhel-9-for-x86_64-baseos-eus-rpms", in lists of an image's with its minor release, "…-eus-rpms__9_DOT_4". Undefined where
 * none is named, or one of somebody else. `stream` is what an inventory writes where only the kind of all repositories is known.
 */
function repositoryOf(purl: string): Repository | undefined {
  if (!/[?&](?:repository_id|stream)=/.test(purl)) return undefined
  const { repository_id: id, stream: kindOfImage } = parsePurl(purl)?.qualifiers ?? {}
  if (id === undefined) return kindOfImage === undefined ? undefined : { kind: kindOfImage }
  if (!/^(?:rhel|ubi)-\d/.test(id)) return undefined
  const [, kind] = /-(eus|aus|e4s|tus)(?:-|$)/.exec(id) ?? []
  const [, major, minor] = /__(\d+)_DOT_(\d+)$/.exec(id) ?? []
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(major === undefined ? {} : { release: `${major}.${minor}` }),
  }
}
