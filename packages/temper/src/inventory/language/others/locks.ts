import { isObject, itemsOf, memberOf, membersOf, objectOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText, parseJson } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact, versionUnknown } from '../fact.ts'
import { parseTomlFile } from '../toml.ts'

/** conan.lock: lists of "name/version@user/channel#revision" since Conan 2; before, the nodes of a graph. */
export function readConanLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'conan.lock')
  const nodes = membersOf(memberOf(memberOf(lock, 'graph_lock'), 'nodes')).map(([, node]) => node)
  const of = (member: string) => itemsOf(memberOf(lock, member))
  const references = [
    ...[...of('requires'), ...of('python_requires')].map((text) => ({ text, isDevelopment: false })),
    ...of('build_requires').map((text) => ({ text, isDevelopment: true })),
    ...nodes.map((node) => ({
      text: memberOf(node, 'ref'),
      isDevelopment: memberOf(node, 'context') === 'build',
    })),
  ]
  return conanLock(references)
}

/** conanfile.txt: what a project asks for, by sections. Versions in brackets may be several. */
export function readConanfile(file: FileContent): LanguageFact | undefined {
  let section = ''
  const references: { readonly text: string; readonly isDevelopment: boolean }[] = []
  const unpinned: string[] = []
  for (const whole of decodeText(file.bytes).split('\n')) {
    const text = whole
      .slice(0, 1000)
      .replace(/\s*#.*$/, '')
      .trim()
    section = /^\[(\w+)\]$/.exec(text)?.[1] ?? section
    const isDevelopment = /^(?:build|tool|test)_requires$/.test(section)
    if (section !== 'requires' && !isDevelopment) continue
    const ranged = /^([^/\s[\]]+)\/\[/.exec(text)?.[1]
    if (ranged === undefined) references.push({ text, isDevelopment })
    else if (!isDevelopment) unpinned.push(ranged)
  }
  const lock = conanLock(references)
  if (unpinned.length === 0) return lock
  const message = `${unpinned.length} of the requirements name no single version: they were compared with nothing`
  return { ...lock, unpinned, notes: [{ code: versionUnknown, message }] }
}

function conanLock(
  references: readonly { readonly text: unknown; readonly isDevelopment: boolean }[],
): LanguageFact {
  const development = new DevelopmentCount()
  const facts = references.map(({ text, isDevelopment }) => {
    const [, name, version, user = '', channel = ''] =
      /^([^/@#\s]+)\/([^/@#\s]+)(?:@([^/#\s]*)(?:\/([^#\s]*))?)?(?:#|$)/.exec(textOf(text) ?? '') ?? []
    if (name === undefined || development.takes({ name, isDevelopment })) return undefined
    // Conan writes "_" for none.
    const qualifiers = { user: user.replace(/^_$/, ''), channel: channel.replace(/^_$/, '') }
    return packageFact(name, version, { qualifiers })
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}

/** renv.lock: `Packages`, each with where it came from. */
export function readRenvLock(file: FileContent, registry: 'cran' | 'bioconductor'): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'renv.lock')
  const facts = membersOf(memberOf(lock, 'Packages')).map(([key, entry]) => {
    const isBioconductor = memberOf(entry, 'Source') === 'Bioconductor'
    if (isBioconductor !== (registry === 'bioconductor')) return undefined
    return packageFact(memberOf(entry, 'Package') ?? key, memberOf(entry, 'Version'))
  })
  return { kind: 'lock', packages: distinct(facts) }
}

/** cabal.project.freeze: constraints "any.NAME ==VERSION"; what the compiler brings is "installed". */
export function readCabalFreeze(file: FileContent): LanguageFact {
  const constraints = decodeText(file.bytes).matchAll(/\bany\.([\w-]{1,200}) ==([\d.]{1,100})/g)
  return {
    kind: 'lock',
    packages: distinct(Array.from(constraints, ([, name, version]) => packageFact(name, version))),
  }
}

/** stack.yaml.lock: packages besides those of the snapshot that it names. */
export function readStackLock(file: FileContent): LanguageFact {
  const text = decodeText(file.bytes)
  const entries = text.matchAll(/^\s{1,40}hackage: ["']?([\w-]{1,200})-(\d[\d.]{0,100})(?:@|["'\s]|$)/gm)
  const packages = distinct(Array.from(entries, ([, name, version]) => packageFact(name, version)))
  const message = 'stack.yaml.lock does not list what the snapshot has that it names'
  const notes = /^snapshots:\s*\n\s*-/m.test(text) ? { notes: [{ code: 'incomplete-lock', message }] } : {}
  return { kind: 'lock', packages, ...notes }
}

/** .terraform.lock.hcl: a block for each provider, with its address and version. */
export function readTerraformLock(file: FileContent): LanguageFact {
  const facts: (PackageFact | undefined)[] = []
  let provider: string | undefined
  for (const line of decodeText(file.bytes).split('\n')) {
    provider = /^\s*provider\s+"([^"\s]{1,500})"\s*\{/.exec(line)?.[1] ?? provider
    const version = /^\s*version\s*=\s*"([^"\s]{1,200})"/.exec(line)?.[1]
    if (version === undefined || provider === undefined) continue
    facts.push(packageFact(provider, version))
    provider = undefined
  }
  return { kind: 'lock', packages: distinct(facts) }
}

/** Julia's Manifest.toml: lists by name, since format 2 below `deps`. Without a version: a part of Julia itself. */
export async function readJuliaManifest(file: FileContent): Promise<LanguageFact | undefined> {
  const manifest = await parseTomlFile(file.bytes, 'Manifest.toml')
  const lists = objectOf(memberOf(manifest, 'deps')) ?? manifest
  const facts = membersOf(lists).flatMap(([name, entries]) =>
    itemsOf(entries)
      .filter(isObject)
      .map((entry) => {
        const uuid = textOf(memberOf(entry, 'uuid'))
        return uuid === undefined
          ? undefined
          : packageFact(name, memberOf(entry, 'version'), { qualifiers: { uuid } })
      }),
  )
  const packages = distinct(facts)
  return packages.length === 0 ? undefined : { kind: 'lock', packages }
}

/**
 * MODULE.bazel.lock: files of a registry; only of modules that were chosen it has the source. Versions before 7.2 of Bazel wrote a
 * graph of the modules.
 */
export function readBazelLock(file: FileContent): LanguageFact {
  const lock = parseJson(decodeText(file.bytes), 'MODULE.bazel.lock')
  const chosen = membersOf(memberOf(lock, 'registryFileHashes')).map(([address]) => {
    const [, name, version] = /\/modules\/([^/]+)\/([^/]+)\/source\.json$/.exec(address) ?? []
    return packageFact(name, version)
  })
  const graph = membersOf(memberOf(lock, 'moduleDepGraph')).map(([key, module]) =>
    key === '<root>' ? undefined : packageFact(memberOf(module, 'name'), memberOf(module, 'version')),
  )
  return { kind: 'lock', packages: distinct([...chosen, ...graph]) }
}
