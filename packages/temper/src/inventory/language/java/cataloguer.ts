import type { FileContent, FileHead } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact } from '../fact.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { nameOf } from '../place.ts'
import { ArchiveReading, archivePattern, mavenFact } from './archive.ts'
import { readPomProperties } from './coordinates.ts'
import { readGradleLock, readProjectPom } from './locks.ts'

/** By its name, and by how it begins: as a zip archive, or as a shell script that one is appended to. */
function isArchive({ path, start }: FileHead): boolean {
  if (!((start[0] === 0x50 && start[1] === 0x4b) || (start[0] === 0x23 && start[1] === 0x21))) return false
  return archivePattern.test(path)
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
  const found = known && mavenFact(known, {})
  return found && { kind: 'installed', packages: [found] }
}

/** Java: archives with all that is inside of them, and the locks of Gradle and Maven. */
export const javaCataloguer = languageCataloguer({
  id: 'java',
  type: 'maven',
  version: 1,
  sizeLimit: 1 << 30,
  installsInto: [],
  kinds: [
    { matches: isArchive, read: readArchive },
    { matches: ({ path }) => path.endsWith('/pom.properties') && exploded.test(path), read: readExploded },
    named(['gradle.lockfile', 'buildscript-gradle.lockfile'], readGradleLock),
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
