import { TemperError } from '../../base/error.ts'
import { isObject, itemsOf, type JsonObject, textOf } from '../../base/json/value.ts'
import { readLockJson } from '../lock-json.ts'
import { checkArtifact, hashOf, type MavenArtifact } from './artifact.ts'

/** What a program runs with; "provided" comes from elsewhere, "test" is for development. */
const scopes: ReadonlySet<string> = new Set(['compile', 'runtime', ''])
const devScopes: ReadonlySet<string> = new Set([...scopes, 'provided', 'test', 'system'])

/** Artifacts of one lock; each is there once for every way that leads to it. */
const most = 200_000

/**
 * lockfile.json of the plug-in maven-lockfile: the jars that are needed to run the project, or with "dev" to compile and test it: those that Maven chose of several
 * versions ("included"). Throws `bad-recipe`, `limit-exceeded`.
 */
export function readMavenLockfile(
  text: string,
  file: string,
  { dev }: { readonly dev?: boolean } = {},
): readonly MavenArtifact[] {
  const lock = readLockJson(text, file)
  if (!Array.isArray(lock['dependencies']))
    throw new TemperError(
      'bad-recipe',
      `${file}: expected the lock of the plug-in maven-lockfile, found none`,
      {
        hint: 'mvn io.github.chains-project:maven-lockfile:generate writes one.',
      },
    )
  const artifacts = new Map<string, MavenArtifact>()
  const queue = itemsOf(lock['dependencies']).filter(isObject)
  for (let seen = 0, entry = queue.pop(); entry !== undefined; seen++, entry = queue.pop()) {
    if (seen > most) throw new TemperError('limit-exceeded', `${file}: it has more than ${most} entries`)
    if (!(dev === true ? devScopes : scopes).has(textOf(entry['scope']) ?? '')) continue
    queue.push(...itemsOf(entry['children']).filter(isObject))
    if (entry['included'] === false || (textOf(entry['type']) ?? 'jar') !== 'jar') continue
    const artifact = readEntry(entry, file)
    artifacts.set([artifact.group, artifact.artifact, artifact.classifier].join(':'), artifact)
  }
  return inOrder([...artifacts.values()])
}

function readEntry(entry: JsonObject, file: string): MavenArtifact {
  const text = (key: string) => textOf(entry[key]) ?? ''
  const version = text('selectedVersion') || text('version')
  const where = `${file}: ${`${text('groupId')}:${text('artifactId')}:${version}`.slice(0, 200)}`
  const [classifier, url] = [text('classifier'), text('resolved')]
  return checkArtifact({
    group: text('groupId'),
    artifact: text('artifactId'),
    version,
    where,
    hashes: hashOf(text('checksumAlgorithm'), text('checksum')),
    ...(classifier === '' ? {} : { classifier }),
    ...(/^https?:\/\//.test(url) && URL.canParse(url) ? { url } : {}),
  })
}

/** By their names: the same for the same lock, however it is written. */
export function inOrder(artifacts: readonly MavenArtifact[]): readonly MavenArtifact[] {
  const keyOf = ({ group, artifact, version, classifier }: MavenArtifact) =>
    [group, artifact, version, classifier].join(':')
  return [...artifacts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}
