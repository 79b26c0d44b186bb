import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, versionUnknown } from '../fact.ts'
import { mavenFact } from './archive.ts'
import { coordinates } from './coordinates.ts'
import { readPom } from './pom.ts'

/** Configurations of Gradle that only tests, processors of annotations and checkers are for. */
export const onlyForTests =
  /^(test|androidTest|kotlinCompiler|annotationProcessor)|Test|^(classpath|pmd|checkstyle|spotbugs)/

/** gradle.lockfile: lines "group:artifact:version=configuration,configuration". */
export function readGradleLock(file: FileContent): LanguageFact {
  const development = new DevelopmentCount()
  const facts = decodeText(file.bytes)
    .split('\n')
    .map((line) => {
      const match = /^([^:#=\s]{1,300}):([^:=\s]{1,300}):([^:=\s]{1,300})=(.*)$/.exec(line.trim())
      const [, group, artifact, version, configurations = ''] = match ?? []
      const known = coordinates(group, artifact, version)
      if (known === undefined) return undefined
      const isDevelopment = configurations.split(',').every((name) => onlyForTests.test(name.trim()))
      return development.takes({ name: `${group}:${artifact}`, isDevelopment })
        ? undefined
        : mavenFact(known, {})
    })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

/** A project's pom.xml: the dependencies whose version it states itself. Those that come from a parent are noted. */
export async function readProjectPom(file: FileContent): Promise<LanguageFact | undefined> {
  const pom = await readPom(decodeText(file.bytes))
  const development = new DevelopmentCount()
  let unknown = 0
  const facts = pom.dependencies.map(({ group, artifact, version, scope }) => {
    if (development.takes({ name: `${group}:${artifact}`, isDevelopment: scope === 'test' })) return undefined
    const known = coordinates(group, artifact, exactVersion(version))
    if (known === undefined) unknown++
    return known && mavenFact(known, {})
  })
  const packages = distinct(facts)
  if (packages.length === 0 && unknown === 0) return undefined
  const note = {
    code: versionUnknown,
    message: `${unknown} of the dependencies have versions that only a parent or a repository knows: they were compared with nothing`,
  }
  return {
    kind: 'lock',
    packages,
    development: development.count,
    ...(unknown === 0 ? {} : { notes: [note] }),
  }
}

/** "[1.0]" is 1.0 and nothing else; other ranges may be anything. */
function exactVersion(version: string | undefined): string | undefined {
  const exact = /^\[([^,[\]()]+)\]$/.exec(version ?? '')?.[1]
  if (exact !== undefined) return exact
  return version === undefined || /[[(,]/.test(version) ? undefined : version
}
