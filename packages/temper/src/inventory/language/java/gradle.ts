import { memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact } from '../fact.ts'
import { parseTomlFile } from '../toml.ts'
import { mavenFact } from './archive.ts'
import { coordinates } from './coordinates.ts'
import { onlyForTests } from './locks.ts'

const declared =
  /\b(\w{1,60})[ \t(]{1,10}(?:(?:enforcedP|p)latform[ \t(]{1,10})?["']([\w.-]{1,200}):([\w.-]{1,200}):([\w.+-]{1,200})(?:@\w{1,20})?["']/g

/** A build script of Gradle: dependencies that are written out, but for those of tests, and for versions with a wildcard. */
export function readGradleScript(file: FileContent): LanguageFact | undefined {
  const facts = Array.from(
    decodeText(file.bytes).matchAll(declared),
    ([, configuration = '', group, artifact, version]) =>
      /mplementation|pi$|ompile|untime/.test(configuration) && !onlyForTests.test(configuration)
        ? exact(group, artifact, version)
        : undefined,
  )
  return direct(facts)
}

/** gradle/libs.versions.toml: `libraries`, each with a version of its own or one of `versions`. */
export async function readVersionCatalogue(file: FileContent): Promise<LanguageFact | undefined> {
  const catalogue = await parseTomlFile(file.bytes, 'a catalogue of versions')
  const versions = memberOf(catalogue, 'versions')
  const facts = membersOf(memberOf(catalogue, 'libraries')).map(([, entry]) => {
    const whole = textOf(entry) ?? textOf(memberOf(entry, 'module'))
    const [group, artifact, written] = whole?.split(':') ?? [
      textOf(memberOf(entry, 'group')),
      textOf(memberOf(entry, 'name')),
    ]
    const stated = memberOf(entry, 'version')
    const named = textOf(memberOf(stated, 'ref'))
    const version = named === undefined ? stated : memberOf(versions, named)
    return exact(group, artifact, written ?? textOf(version) ?? textOf(memberOf(version, 'strictly')))
  })
  return direct(facts)
}

function exact(group?: string, artifact?: string, version?: string): PackageFact | undefined {
  if (version === undefined || /[+[(,]|^latest\./.test(version)) return undefined
  const known = coordinates(group, artifact, version)
  return known && mavenFact(known, {})
}

function direct(facts: Iterable<PackageFact | undefined>): LanguageFact | undefined {
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'lock', packages, direct: true }
}
