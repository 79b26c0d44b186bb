import { posix } from 'node:path'
import { mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import { jarName, jarPath, type MavenArtifact } from '../../dependencies/maven/artifact.ts'
import { readGradleLock } from '../../dependencies/maven/gradle.ts'
import { readMavenLockfile } from '../../dependencies/maven/lockfile.ts'
import type { LockedDependency } from '../../model/recipe-parts/dependency.ts'
import type { Context } from '../context.ts'
import { fetchHashed } from './fetch.ts'
import { concurrency, type DependencyChoice } from './host.ts'

/** Fetches the jars that a Maven or Gradle project runs with. */
export async function chooseMaven(
  choice: DependencyChoice,
  context: Context,
): Promise<readonly LockedDependency[]> {
  const lockFile = choice.request.lockFile.source
  return await mapLimit(readLock(choice), concurrency, async (artifact) => {
    const { group, artifact: id, version, hashes, where } = artifact
    if (hashes.length === 0)
      throw new TemperError(
        'bad-recipe',
        `${where}: expected a SHA-256 or SHA-512 of ${jarName(artifact)}, found none`,
        {
          hint: 'maven-lockfile writes SHA-256 by default; Gradle with --write-verification-metadata sha256.',
        },
      )
    const url = addressOf(artifact, context)
    const what = `the jar ${group}:${id}:${version}`
    const { digest, size } = await fetchHashed(url, hashes, { context, what })
    const file = jarName(artifact)
    const dev = choice.request.dev === true ? { dev: true as const } : {}
    const name = `${group}:${id}`
    return { kind: 'maven', lockFile, name, version, file, place: file, url, digest, size, ...dev }
  })
}

function readLock({ request, text, manifestText = '' }: DependencyChoice): readonly MavenArtifact[] {
  const { lockFile, manifest } = request
  const file = lockFile.source
  if (posix.basename(file).endsWith('.json'))
    return readMavenLockfile(text, file, { dev: request.dev === true })
  return readGradleLock(text, { file, verification: { file: manifest?.source ?? '', text: manifestText } })
}

/** At the first mirror, else where the lock file has it from. */
function addressOf(artifact: MavenArtifact, { mirrors }: Pick<Context, 'mirrors'>): string {
  const [mirror] = mirrors['maven'] ?? []
  if (mirror !== undefined) return `${mirror.replace(/\/+$/, '')}/${jarPath(artifact)}`
  if (artifact.url !== undefined) return artifact.url
  throw new TemperError('bad-usage', `${artifact.where}: the repository of the jar is not known`, {
    hint: 'Name the repository as mirrors.maven in the configuration.',
  })
}
