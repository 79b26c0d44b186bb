import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { parseJson } from '../../base/json/parse.ts'
import { memberOf, textOf } from '../../base/json/value.ts'
import type { AppLanguage } from './language.ts'
import { atLeast, type VersionWish, versionWish } from './wish.ts'

/** Bytes of a file that is worth reading. */
const largest = 1024 * 1024

type Read = (name: string) => Promise<string | undefined>

/** Finds what a file says; undefined where it says nothing. */
type Source = (read: Read) => Promise<VersionWish | undefined>

const line =
  (file: string, pattern: RegExp, wish = versionWish): Source =>
  async (read) => {
    const said = pattern.exec((await read(file)) ?? '')?.[1]
    return said === undefined ? undefined : wish(file, said)
  }

const json =
  (file: string, ...path: readonly string[]): Source =>
  async (read) => {
    const said = textOf(path.reduce<unknown>(memberOf, jsonOf(await read(file))))
    return said === undefined ? undefined : versionWish(`${path.join('.')} of ${file}`, said)
  }

/** Names that releases of Node.js with long support have, which .nvmrc may hold ("lts/jod"). */
const nodeNames: ReadonlyMap<string, string> = new Map([
  ['hydrogen', '18'],
  ['iron', '20'],
  ['jod', '22'],
  ['krypton', '24'],
])

const nodeWish = (file: string, said: string): VersionWish | undefined => {
  const [, name] = /^lts\/(.+)$/i.exec(said) ?? []
  if (name === undefined) return versionWish(file, said)
  const known = name === '*' ? '*' : nodeNames.get(name.toLowerCase())
  const wish = known === undefined ? undefined : versionWish(file, known)
  return wish === undefined ? undefined : { file, said, fits: wish.fits }
}

/** Of Java 8 people write 1.8; what is compiled for an older one runs on a newer one. */
const javaWish = (file: string, said: string) => atLeast(file, said.replace(/^1\./, ''))

const wholeLine = /^\s*([^\s#]+)/
/** The first that says something counts: files for one version before those that name a range. */
const sources: Readonly<Record<AppLanguage, readonly Source[]>> = {
  node: [
    line('.nvmrc', wholeLine, nodeWish),
    line('.node-version', wholeLine, nodeWish),
    line('.tool-versions', /^(?:nodejs|node)\s+(\S+)/m, nodeWish),
    json('package.json', 'volta', 'node'),
    json('package.json', 'engines', 'node'),
  ],
  python: [
    line('.python-version', wholeLine),
    line('.tool-versions', /^python\s+(\S+)/m),
    line('runtime.txt', /^python-(\S+)/m),
    line('Pipfile', /^python_version\s*=\s*["']([^"']+)["']/m),
    line('pyproject.toml', /^requires-python\s*=\s*["']([^"']+)["']/m),
    line('pyproject.toml', /^\[tool\.poetry\.dependencies\][^[]*?^python\s*=\s*["']([^"']+)["']/m),
  ],
  java: [
    line('.java-version', wholeLine, javaWish),
    line('.tool-versions', /^java\s+(?:[a-z]+-)*(\d[\d.]*)/m, javaWish),
    line('pom.xml', /<(?:maven\.compiler\.release|java\.version)>\s*([\d.]+)\s*</, javaWish),
    line('pom.xml', /<(?:maven\.compiler\.(?:target|source)|release)>\s*([\d.]+)\s*</, javaWish),
    line('build.gradle.kts', /JavaLanguageVersion\.of\((\d+)\)/, javaWish),
    line('build.gradle', /JavaLanguageVersion\.of\((\d+)\)/, javaWish),
    line('build.gradle.kts', /JavaVersion\.VERSION_(?:1_)?(\d+)/, javaWish),
    line(
      'build.gradle',
      /sourceCompatibility\s*=?\s*(?:JavaVersion\.VERSION_(?:1_)?)?['"]?(?:1\.)?(\d+)/,
      javaWish,
    ),
  ],
  ruby: [
    line('.ruby-version', /^\s*(?:ruby-)?(\d[\d.]*)/),
    line('.tool-versions', /^ruby\s+(\S+)/m),
    line('Gemfile', /^ruby\s+["']([^"']+)["']/m),
  ],
  php: [json('composer.json', 'require', 'php')],
  go: [line('go.mod', /^go\s+(\d+\.\d+(?:\.\d+)?)/m, atLeast)],
  rust: [
    line('rust-toolchain.toml', /^channel\s*=\s*["'](\d[\d.]*)["']/m, atLeast),
    line('rust-toolchain', /^\s*(\d[\d.]*)\s*$/m, atLeast),
    line('Cargo.toml', /^rust-version\s*=\s*["'](\d[\d.]*)["']/m, atLeast),
  ],
}

/** What the files in a folder say of the version of a language; undefined where they say nothing. */
export async function findWish(folder: string, language: AppLanguage): Promise<VersionWish | undefined> {
  const read: Read = async (name) => {
    const bytes = await readFileIfExists(join(folder, name)).catch(() => undefined)
    return bytes === undefined || bytes.length > largest ? undefined : Buffer.from(bytes).toString('utf8')
  }
  for (const source of sources[language]) {
    const wish = await source(read)
    if (wish !== undefined) return wish
  }
  return undefined
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    const refuse = () => new SyntaxError('no JSON')
    return parseJson(text, { where: 'package.json', depth: 32, refuse, repeated: 'last' })
  } catch {
    // Whoever mends it will see.
    return undefined
  }
}
