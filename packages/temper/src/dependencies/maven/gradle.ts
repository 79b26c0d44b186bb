import { SaxesParser } from 'saxes'
import { TemperError } from '../../base/error.ts'
import { checkArtifact, hashOf, jarName, type MavenArtifact } from './artifact.ts'
import { inOrder } from './lockfile.ts'

/** What an application of Gradle runs with. */
const configurations: ReadonlySet<string> = new Set(['runtimeClasspath', 'productionRuntimeClasspath'])

/**
 * gradle.lockfile says which versions, gradle/verification-metadata.xml beside it the digests of their files. Modules that
 * are no jar (platforms) are left out. Throws `bad-recipe`, `limit-exceeded`.
 */
export function readGradleLock(
  text: string,
  {
    file,
    verification,
  }: {
    readonly file: string
    readonly verification: { readonly file: string; readonly text: string }
  },
): readonly MavenArtifact[] {
  const known = readVerification(verification.text, verification.file)
  const artifacts: MavenArtifact[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const where = `${file}:${i + 1}`
    if (/^\s*(?:#|$)/.test(line) || line.startsWith('empty=')) continue
    const [, group, artifact, version, used] = /^([^:=\s]+):([^:=\s]+):([^:=\s]+)=(\S*)\s*$/.exec(line) ?? []
    if (group === undefined || artifact === undefined || version === undefined)
      throw new TemperError(
        'bad-recipe',
        `${where}: expected group:artifact:version=configurations, found ${JSON.stringify(line.slice(0, 200))}`,
      )
    if (!(used ?? '').split(',').some((name) => configurations.has(name))) continue
    const asked = checkArtifact({ group, artifact, version, where, hashes: [] })
    const files = known.get(`${group}:${artifact}:${version}`)
    const jar = files && classPathJar(files, jarName(asked))
    // A platform has a pom or a module file alone; a module for several platforms leads to others.
    if (files !== undefined && jar === undefined) continue
    const hashes = jar === undefined ? undefined : files?.get(jar)
    artifacts.push({ ...asked, hashes: hashes ?? [] })
  }
  return inOrder(artifacts)
}

/** Files of a module that no program runs with. */
const beside = /-(?:sources|javadoc|metadata|all|kdoc)\.jar$/

/**
 * The file for the class path: that of the module's own name. Modules of Kotlin for several platforms have another name for it here
 * than the repository has; then it has to be the only one.
 */
function classPathJar(files: ReadonlyMap<string, unknown>, own: string): string | undefined {
  if (files.has(own)) return own
  const others = [...files.keys()].filter((name) => name.endsWith('.jar') && !beside.test(name))
  return others.length === 1 ? others[0] : undefined
}

/** Levels of elements, and elements: files of large builds have some ten thousand. */
const limits = { depth: 20, elements: 1_000_000 }

/** "group:artifact:version" → name of a file → digests of which one has to hold. */
function readVerification(
  text: string,
  file: string,
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const known = new Map<string, Map<string, string[]>>()
  let files: Map<string, string[]> | undefined
  let hashes: string[] | undefined
  let [depth, elements] = [0, 0]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new TemperError('bad-recipe', `${file}: this is not XML: ${error.message.slice(0, 200)}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (++depth > limits.depth || ++elements > limits.elements)
      throw new TemperError('limit-exceeded', `${file}: nested too deeply, or too long`)
    const value = (key: string) => String(attributes[key] ?? '')
    if (name === 'component') {
      const key = [value('group'), value('name'), value('version')].join(':')
      files = known.get(key) ?? new Map()
      known.set(key, files)
    } else if (name === 'artifact') {
      hashes = files?.get(value('name')) ?? []
      files?.set(value('name'), hashes)
    } else if (/^sha(?:256|512)$/.test(name) || name === 'also-trust') {
      const kind = name === 'also-trust' ? (hashes?.at(-1)?.split(':', 1)[0] ?? '') : name
      hashes?.push(...hashOf(kind, value('value')))
    }
  })
  parser.on('closetag', () => {
    depth--
  })
  parser.write(text).close()
  return known
}
