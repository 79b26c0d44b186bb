import { TemperError } from '../../base/error.ts'

/** A jar that a lock file names. */
export interface MavenArtifact {
  readonly group: string
  readonly artifact: string
  readonly version: string
  /** "linux-x86_64" of "netty-transport-native-epoll-4.1.0.Final-linux-x86_64.jar". */
  readonly classifier?: string
  /** "sha256:<hex>", of which one has to hold. */
  readonly hashes: readonly string[]
  /** Where the lock file has it from. */
  readonly url?: string
  /** For errors. */
  readonly where: string
}

const part = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}$/

/** Names that a repository can have; none leads out of a folder. Throws `bad-recipe`. */
export function checkArtifact(coordinates: MavenArtifact): MavenArtifact {
  const { group, artifact, version, classifier = 'x', where } = coordinates
  const isFine = [group, artifact, version, classifier].every(
    (each) => part.test(each) && !each.includes('..'),
  )
  if (isFine && !/\.(?:\.|$)/.test(group)) return coordinates
  const shown = JSON.stringify([group, artifact, version, classifier].join(':').slice(0, 200))
  throw new TemperError('bad-recipe', `${where}: expected group, artifact and version, found ${shown}`)
}

/** As repositories and `dependency:copy-dependencies` name it. */
export function jarName({ artifact, version, classifier }: MavenArtifact): string {
  return `${artifact}-${version}${classifier === undefined ? '' : `-${classifier}`}.jar`
}

/** Below a repository, without a leading slash (Maven's "default" layout). */
export function jarPath(artifact: MavenArtifact): string {
  const { group, version } = artifact
  return `${group.replaceAll('.', '/')}/${artifact.artifact}/${version}/${jarName(artifact)}`
}

const lengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }

/** "SHA-256" or "sha256" and hexadecimal digits; none for weaker and damaged ones. */
export function hashOf(algorithm: string, value: string): readonly string[] {
  const name = algorithm.toLowerCase().replace('-', '')
  const hex = value.toLowerCase()
  return Object.hasOwn(lengths, name) && /^[0-9a-f]+$/.test(hex) && hex.length === lengths[name]
    ? [`${name}:${hex}`]
    : []
}
