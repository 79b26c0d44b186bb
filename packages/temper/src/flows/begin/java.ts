import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'

/** How a Java program is started. */
export interface JavaStart {
  /** The archive that contains it, below the folder; it need not exist yet. */
  readonly main?: string
  /**
   * The class that is started by class path instead of the archive, because the build file says so, or because the
   * archive's manifest finds none of its libraries.
   */
  readonly mainClass?: string
  /** What makes the archive, which is not there yet. */
  readonly before?: string
}

interface Jar {
  readonly path: string
  readonly mainClass?: string
  /** Whether its manifest says where its libraries are, or it contains them. */
  readonly isWhole: boolean
}

/** Where Maven and Gradle put what they make; each beside the recipe first. */
const places = ['', 'target', 'build/libs']

/** Archives beside the one that runs: sources, documentation, tests, what it was before libraries were put into it. */
const besides = /^original-|-(?:sources|javadoc|tests|test-sources|plain)\.jar$/

/** Archives that are looked into; and their largest manifest, and build file, in bytes. */
const limits = { jars: 20, text: 1024 * 1024 }

const className = /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u

/** Looks at the manifests of archives first, then at the build file. Runs and fetches nothing. */
export async function findJavaStart(
  folder: string,
  { hasLibraries }: { readonly hasLibraries: boolean },
): Promise<JavaStart> {
  const jars = await jarsIn(folder)
  const runs = jars.find(({ mainClass }) => mainClass !== undefined)
  if (runs !== undefined) {
    const { path: main, mainClass, isWhole } = runs
    return hasLibraries && !isWhole && mainClass !== undefined ? { main, mainClass } : { main }
  }
  const described = (await fromPom(folder)) ?? (await fromGradle(folder))
  const main = jars[0]?.path ?? described?.main
  if (main === undefined) return {}
  const isMissing = jars.length === 0 && main.startsWith('target/')
  return {
    main,
    ...(described?.mainClass === undefined ? {} : { mainClass: described.mainClass }),
    ...(isMissing ? { before: 'mvn package' } : {}),
  }
}

async function jarsIn(folder: string): Promise<readonly Jar[]> {
  const paths: string[] = []
  for (const place of places) {
    const names = await readdir(join(folder, place)).catch(() => [])
    const own = names.filter((name) => name.endsWith('.jar') && !besides.test(name)).sort()
    paths.push(...own.map((name) => (place === '' ? name : `${place}/${name}`)))
  }
  return await Promise.all(paths.slice(0, limits.jars).map(async (path) => await readJar(folder, path)))
}

async function readJar(folder: string, path: string): Promise<Jar> {
  const unknown = { path, isWhole: false }
  const [{ openZip }, { fileSource }, { readManifest }] = await Promise.all([
    import('../../formats/zip/open.ts'),
    import('../../formats/zip/source.ts'),
    import('../../inventory/language/java/manifest.ts'),
  ])
  const file = await open(join(folder, path)).catch(() => undefined)
  if (file === undefined) return unknown
  try {
    const archive = openZip(fileSource(file.fd, (await file.stat()).size), {
      what: path,
      budget: { left: limits.text },
    })
    const entry = archive.find('META-INF/MANIFEST.MF')
    if (entry === undefined) return unknown
    const manifest = readManifest(Buffer.from(archive.read(entry)).toString('utf8'))
    const mainClass = classIn(manifest.get('main-class'))
    const isWhole =
      manifest.has('class-path') || archive.entries.some(({ name }) => /-INF\/lib\/.+\.jar$/.test(name))
    return { path, isWhole, ...(mainClass === undefined ? {} : { mainClass }) }
  } catch {
    // No archive, or a damaged one: whoever starts it will see.
    return unknown
  } finally {
    await file.close()
  }
}

/** It puts the application and its libraries into one archive that runs. */
const isSpringBoot = /<artifactId>\s*spring-boot-maven-plugin\s*</

/** Of Maven the name of the archive is known before it is made. */
async function fromPom(folder: string): Promise<JavaStart | undefined> {
  const text = await textOf(folder, 'pom.xml')
  if (text === undefined) return undefined
  try {
    const { readPom } = await import('../../inventory/language/java/pom.ts')
    const { self, build } = await readPom(text)
    const mainClass = classIn(build.mainClass)
    const named = self?.version === undefined ? undefined : `${self.artifact}-${self.version}`
    const name = build.finalName ?? named
    const isMade = name !== undefined && /^[A-Za-z0-9_][\w.+-]*$/.test(name)
    return {
      ...(mainClass === undefined ? {} : { mainClass }),
      ...(isMade && (mainClass !== undefined || isSpringBoot.test(text))
        ? { main: `target/${name}.jar` }
        : {}),
    }
  } catch {
    return undefined
  }
}

/**
 * As build files are mostly written, the surest first: the class of the application, that of older plug-ins, and the attribute of the
 * archive. Other tasks have classes of their own, which run while building.
 */
const gradleMains = [
  /\b(?:application|springBoot)\b(?:\s{0,20}\{[^{}]*?\b|\.)mainClass(?:\.set\(\s{0,20}|\s{0,20}=\s{0,20})["']([^"'\n]{1,200})["']/,
  /\bmainClassName\s{0,20}(?:=\s{0,20})?["']([^"'\n]{1,200})["']/,
  /["']Main-Class["']\s{0,20}(?:\bto\b|[:,=])\s{0,20}["']([^"'\n]{1,200})["']/,
]

async function fromGradle(folder: string): Promise<JavaStart | undefined> {
  const text = (await textOf(folder, 'build.gradle.kts')) ?? (await textOf(folder, 'build.gradle')) ?? ''
  const said = text.replace(/^[ \t]*\/\/.*$/gm, '')
  const mainClass = gradleMains
    .map((form) => classIn(form.exec(said)?.[1]))
    .find((name) => name !== undefined)
  return mainClass === undefined ? undefined : { mainClass }
}

async function textOf(folder: string, name: string): Promise<string | undefined> {
  const bytes = await readFileIfExists(join(folder, name))
  return bytes === undefined || bytes.length > limits.text ? undefined : Buffer.from(bytes).toString('utf8')
}

function classIn(text: string | undefined): string | undefined {
  const name = text?.trim()
  return name !== undefined && name.length <= 200 && className.test(name) ? name : undefined
}
