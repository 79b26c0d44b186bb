import type { FileContent, FileHead } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact } from '../fact.ts'
import { matching, named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { nameOf } from '../place.ts'
import { isProgram, programLimit } from '../program.ts'
import { ArchiveReading, archivePattern, mavenFact } from './archive.ts'
import { readPomProperties } from './coordinates.ts'
import { readGradleScript, readVersionCatalogue } from './gradle.ts'
import { readNebulaLock, readSbtLock } from './json-locks.ts'
import { readGradleLock, readProjectPom } from './locks.ts'
import { readNativeImage } from './native-image.ts'

/** How archives begin: as zip, as a shell script that one is appended to, as a module of the JDK with its own four bytes. */
const beginnings = ['PK', '#!', 'JM']

/** By its name, and by how it begins. */
function isArchive({ path, start }: FileHead): boolean {
  const beginning = Buffer.from(start.subarray(0, 2)).toString('latin1')
  return beginnings.includes(beginning) && archivePattern.test(path)
}

async function readArchive(file: FileContent): Promise<LanguageFact | undefined> {
  const reading = new ArchiveReading()
  await reading.read(file.bytes, nameOf(file.path))
  const packages = distinct(reading.packages)
  if (packages.length === 0 && reading.notes.length === 0) return undefined
  return { kind: 'installed', packages, ...(reading.notes.length === 0 ? {} : { notes: reading.notes }) }
}

/** Of an archive that was unpacked: an exploded war, a layered Spring application. */
const exploded = /(^|\/)META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/

function readExploded(file: FileContent): LanguageFact | undefined {
  const known = readPomProperties(decodeText(file.bytes))
  const fact = known && mavenFact(known, {})
  return fact && { kind: 'installed', packages: [fact] }
}

/** Java packages: archives with everything inside them, and the locks of Gradle and Maven. */
export const javaCataloguer = languageCataloguer({
  id: 'java',
  type: 'maven',
  version: 12,
  sizeLimit: programLimit,
  installsInto: [],
  kinds: [
    { matches: isArchive, read: readArchive },
    { matches: isProgram, read: readNativeImage },
    { matches: ({ path }) => path.endsWith('/pom.properties') && exploded.test(path), read: readExploded },
    named(['gradle.lockfile', 'buildscript-gradle.lockfile'], readGradleLock),
    named(['dependencies.lock'], readNebulaLock),
    named(['build.sbt.lock'], readSbtLock),
    matching(/\.gradle(?:\.kts)?$/, readGradleScript),
    matching(/\.versions\.toml$/, readVersionCatalogue),
    {
      matches: ({ path }) => (path === 'pom.xml' || path.endsWith('/pom.xml')) && isProject(path),
      read: readProjectPom,
    },
  ],
})

/** Not the copy in an unpacked archive, nor those of a local repository. */
function isProject(path: string): boolean {
  return !/(^|\/)(META-INF\/maven|\.m2\/repository|usr\/share\/(maven-repo|doc)|node_modules)\//.test(path)
}
