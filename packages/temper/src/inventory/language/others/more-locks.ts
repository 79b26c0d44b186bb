import { memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact } from '../fact.ts'
import { type IndentedNode, readIndented } from '../indented.ts'

type Facts = Iterable<PackageFact | undefined>

function lock(facts: Facts): LanguageFact {
  return { kind: 'lock', packages: distinct(facts) }
}

function installed(facts: Facts): LanguageFact | undefined {
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

/** Packages as a pattern finds them: first the name, then the version. */
function matched(file: FileContent, pattern: RegExp): LanguageFact {
  const matches = decodeText(file.bytes).matchAll(pattern)
  return lock(Array.from(matches, ([, name, version]) => packageFact(name, version)))
}

function childOf(nodes: readonly IndentedNode[], name: string): string | undefined {
  return nodes.find(({ key }) => key === name)?.value
}

/** Chart.lock of Helm, before version 3 requirements.lock: `dependencies`, each with its repository. */
export function readChartLock(file: FileContent): LanguageFact {
  const nodes = readIndented(decodeText(file.bytes), { what: 'Chart.lock' })
  const top = nodes.findIndex(({ key }) => key === 'dependencies')
  const listed = nodes[top]?.children ?? []
  // Helm writes the items no further in than the list's name.
  const items = listed.length > 0 ? listed : nodes.slice(top + 1)
  const facts = items.map((item) => {
    if (!item.key.startsWith('-')) return undefined
    const members = [{ ...item, key: item.key.replace(/^-\s*/, '') }, ...item.children]
    const repository = childOf(members, 'repository')
    return packageFact(childOf(members, 'name'), childOf(members, 'version'), {
      ...(repository === undefined ? {} : { qualifiers: { repository_url: repository } }),
    })
  })
  return lock(facts)
}

/** dub.selections.json: `versions`, a text for a release, an object for a commit or a folder. */
export function readDubSelections(file: FileContent): LanguageFact {
  const selections = parseJson(decodeText(file.bytes), 'dub.selections.json')
  return lock(
    membersOf(memberOf(selections, 'versions')).map(([name, version]) => packageFact(name, version)),
  )
}

/** nimble.lock: `packages` by name. */
export function readNimbleLock(file: FileContent): LanguageFact {
  const document = parseJson(decodeText(file.bytes), 'nimble.lock')
  return lock(
    membersOf(memberOf(document, 'packages')).map(([name, entry]) =>
      packageFact(name, memberOf(entry, 'version')),
    ),
  )
}

/** NAME.opam.locked: `depends`, each with one version. */
export function readOpamLock(file: FileContent): LanguageFact {
  return matched(file, /"([\w+-]{1,200})"\s{0,20}\{\s{0,20}=\s{0,20}"([^"\s]{1,200})"/g)
}

/** luarocks.lock: a table `NAME = "VERSION"`. */
export function readLuarocksLock(file: FileContent): LanguageFact {
  return matched(file, /(?:\["|\b)([\w.-]{1,200})(?:"\])?\s{0,20}=\s{0,20}"(\d[\w.-]{0,100})"/g)
}

/** cpanfile.snapshot of Carton: distributions, two blanks in, with the file that each was in. */
export function readCpanSnapshot(file: FileContent): LanguageFact {
  return matched(file, /^ {2}([A-Za-z][\w+-]{0,200})-(v?\d[\w.]{0,100})$/gm)
}

/** elm.json of an application, which states all packages exactly; that of a package states ranges. */
export function readElmJson(file: FileContent): LanguageFact | undefined {
  const project = parseJson(decodeText(file.bytes), 'elm.json')
  if (memberOf(project, 'type') !== 'application') return undefined
  const dependencies = memberOf(project, 'dependencies')
  return lock(
    ['direct', 'indirect']
      .flatMap((kind) => membersOf(memberOf(dependencies, kind)))
      .map(([name, version]) => packageFact(name, version)),
  )
}

/** spago.lock: `packages` by name; those of the workspace itself stand elsewhere. */
export function readSpagoLock(file: FileContent): LanguageFact {
  const text = decodeText(file.bytes)
  if (text.trimStart().startsWith('{')) {
    const packages = membersOf(memberOf(parseJson(text, 'spago.lock'), 'packages'))
    return lock(packages.map(([name, entry]) => packageFact(name, memberOf(entry, 'version'))))
  }
  const nodes = readIndented(text, { what: 'spago.lock' })
  const packages = nodes.find(({ key }) => key === 'packages')?.children ?? []
  return lock(packages.map(({ key, children }) => packageFact(key, childOf(children, 'version'))))
}

/** shard.lock of Crystal: `shards` by name. What is pinned to a commit has "+git.commit." in its version. */
export function readShardLock(file: FileContent): LanguageFact {
  const nodes = readIndented(decodeText(file.bytes), { what: 'shard.lock' })
  const shards = nodes.find(({ key }) => key === 'shards')?.children ?? []
  return lock(shards.map(({ key, children }) => packageFact(key, childOf(children, 'version'))))
}

/** Packages/packages-lock.json of Unity; what is built into the editor, or lies in the project, is none. */
export function readUnityLock(file: FileContent): LanguageFact {
  const document = parseJson(decodeText(file.bytes), 'packages-lock.json')
  const facts = membersOf(memberOf(document, 'dependencies')).map(([name, entry]) =>
    ['registry', undefined].includes(textOf(memberOf(entry, 'source')))
      ? packageFact(name, memberOf(entry, 'version'))
      : undefined,
  )
  return lock(facts)
}

/** Fields of a paragraph as Debian and R write them, a name at the beginning of a line; what goes on below is left out. */
function fieldsOf(paragraph: string): (name: string) => string | undefined {
  const lines = paragraph.split('\n')
  return (name) => {
    const line = lines.find((each) => each.startsWith(`${name}:`))
    return line?.slice(name.length + 1).trim()
  }
}

/** vcpkg/status: paragraphs as dpkg writes them; features of a package are paragraphs of their own. */
export function readVcpkgStatus(file: FileContent): LanguageFact | undefined {
  const facts = decodeText(file.bytes)
    .split(/\r?\n\r?\n/)
    .map((paragraph) => {
      const field = fieldsOf(paragraph)
      if (field('Status') !== 'install ok installed' || field('Feature') !== undefined) return undefined
      const version = field('Version')
      const port = field('Port-Version')
      return packageFact(field('Package'), port === undefined ? version : `${version}#${port}`)
    })
  return installed(facts)
}

/** DESCRIPTION of an installed package of R: only those say when they were built. */
export function readInstalledR(file: FileContent): LanguageFact | undefined {
  const text = decodeText(file.bytes)
  if (!/^Built:/m.test(text) || /^Priority:\s*base/m.test(text)) return undefined
  const field = fieldsOf(text)
  return installed([packageFact(field('Package'), field('Version'), { licence: field('License') })])
}

/** conanfile.py: what is asked for literally, in one version. */
export function readConanScript(file: FileContent): LanguageFact | undefined {
  const text = decodeText(file.bytes)
  const references = Array.from(
    text.matchAll(/["']([a-z0-9][a-z0-9_+.-]{1,100})\/(\d[\w.+-]{0,100})(?:@[\w./-]{0,200})?["']/g),
    ([, name, version]) => packageFact(name, version),
  )
  const packages = /\brequires\b/.test(text) ? distinct(references) : []
  return packages.length === 0 ? undefined : { kind: 'lock', packages, direct: true }
}
