import { itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact } from '../fact.ts'
import { mavenFact } from './archive.ts'
import { coordinates } from './coordinates.ts'
import { onlyForTests } from './locks.ts'

/**
 * dependencies.lock of Nebula's plugin for Gradle: for each configuration, "group:artifact" with what is `locked`. Projects of the
 * build itself have no version.
 */
export function readNebulaLock(file: FileContent): LanguageFact | undefined {
  const configurations = membersOf(parseJson(decodeText(file.bytes), 'dependencies.lock'))
  const locked = configurations.flatMap(([configuration, entries]) =>
    membersOf(entries).map(([name, entry]) => ({
      name,
      version: textOf(memberOf(entry, 'locked')),
      isDevelopment: onlyForTests.test(configuration),
    })),
  )
  return locked.some(({ version }) => version !== undefined) ? lockOf(locked) : undefined
}

/** build.sbt.lock of sbt-dependency-lock: each with the configurations that need it. */
export function readSbtLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'build.sbt.lock')
  return lockOf(
    itemsOf(memberOf(lock, 'dependencies')).map((entry) => {
      const configurations = itemsOf(memberOf(entry, 'configurations'))
      return {
        name: `${textOf(memberOf(entry, 'org'))}:${textOf(memberOf(entry, 'name'))}`,
        version: textOf(memberOf(entry, 'version')),
        isDevelopment: configurations.length > 0 && configurations.every((each) => each === 'test'),
      }
    }),
  )
}

interface Locked {
  readonly name: string
  readonly version: string | undefined
  readonly isDevelopment: boolean
}

/** What one configuration needs only for tests, another may need to run. */
function lockOf(locked: readonly Locked[]): LanguageFact {
  const development = new DevelopmentCount()
  const runs = new Set(locked.flatMap(({ name, isDevelopment }) => (isDevelopment ? [] : [name])))
  const facts = locked.map(({ name, version, isDevelopment }) => {
    if (development.takes({ name, isDevelopment: isDevelopment && !runs.has(name) }) || isDevelopment)
      return undefined
    const [group, artifact] = name.split(':')
    const known = coordinates(group, artifact, version)
    return known && mavenFact(known, {})
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}
