import { posix } from 'node:path'
import { isObject, type JsonObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { ComposerLock, ComposerPackage } from './lock.ts'
import { nestedArray, PhpCode, type PhpValue, phpString } from './php.ts'
import type { ComposerProject } from './project.ts'
import { normaliseVersion } from './version.ts'

/** Keys of an entry, in the order in which Composer writes them. */
const keys = [
  ...['name', 'version', 'version_normalized', 'source', 'dist', 'require', 'conflict', 'provide', 'replace'],
  ...['require-dev', 'suggest', 'time', 'default-branch', 'bin', 'type', 'extra', 'installation-source'],
  ...[
    'autoload',
    'autoload-dev',
    'notification-url',
    'include-path',
    'archive',
    'scripts',
    'license',
    'authors',
  ],
  ...['description', 'homepage', 'keywords', 'repositories', 'support', 'funding', 'abandoned'],
  ...['transport-options', 'install-path'],
]

/** Tables of names, which Composer keeps in their order. */
const sorted: ReadonlySet<string> = new Set([
  'require',
  'conflict',
  'provide',
  'replace',
  'require-dev',
  'suggest',
])

/** vendor/composer/installed.json: what was installed, entry by entry. */
export function installedJson(packages: readonly ComposerPackage[]): string {
  const entries = packages.map((each) => {
    const isInstalled = each.archive !== undefined
    const known: JsonObject = {
      ...each.entry,
      type: each.entry['type'] ?? 'library',
      version_normalized: normaliseVersion(each.version),
      ...(isInstalled ? { 'installation-source': 'dist' } : {}),
      'install-path': isInstalled ? `../${each.name}` : null,
    }
    return Object.fromEntries(
      keys.flatMap((key) => (isWritten(key, known[key]) ? [[key, written(key, known[key])]] : [])),
    )
  })
  const document = { packages: entries, dev: false, 'dev-package-names': [] }
  return `${JSON.stringify(document, undefined, 4).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)}\n`
}

function isWritten(key: string, value: unknown): boolean {
  if (key === 'install-path') return true
  if (value === undefined || value === null) return false
  return (
    typeof value !== 'object' || membersOf(value).length > 0 || (Array.isArray(value) && value.length > 0)
  )
}

/** PHP knows no difference between an empty list and an empty table. */
function written(key: string, value: unknown): unknown {
  if (sorted.has(key))
    return Object.fromEntries(membersOf(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  if (key === 'keywords' && Array.isArray(value)) return [...value].sort()
  return emptied(value)
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied)
  if (!isObject(value)) return value
  const members = membersOf(value)
  return members.length === 0 ? [] : Object.fromEntries(members.map(([key, each]) => [key, emptied(each)]))
}

/** Names that are no packages: those of the platform. */
const platform =
  /^(?:php(?:-64bit|-ipv6|-zts|-debug)?|hhvm|(?:ext|lib)-[a-z0-9]+(?:[_.-][a-z0-9]+)*|composer(?:-(?:plugin|runtime)-api)?)$/i

/** vendor/composer/installed.php: the versions, as the application asks for them while it runs. */
export function installedPhp({ packages, aliases }: ComposerLock, project: ComposerProject): string {
  const versions = new Map<string, Map<string, PhpValue>>()
  const upward = `/${'../'.repeat(project.vendor.split('/').length + 1)}`
  const root = facts({
    version: project.version ?? '1.0.0+no-version-set',
    reference: null,
    type: project.type,
    path: new PhpCode(`__DIR__ . ${phpString(upward)}`),
    aliases: [],
  })
  for (const each of packages)
    versions.set(
      each.name,
      facts({
        version: each.version,
        reference: referenceOf(each.entry),
        type: textOf(each.entry['type']) ?? 'library',
        path: each.archive === undefined ? null : new PhpCode(`__DIR__ . ${phpString(`/../${each.name}`)}`),
        aliases: aliasesOf(each, aliases),
      }).set('dev_requirement', false),
    )
  versions.set(project.name, new Map(root).set('dev_requirement', false))
  const all = [
    ...packages.flatMap((each) => [
      ...aliasesOf(each, aliases).map((version) => ({ version, entry: each.entry })),
      each,
    ]),
    { version: project.version ?? '1.0.0+no-version-set', entry: project.entry },
  ]
  for (const each of all) for (const key of ['replace', 'provide']) addInstead(versions, key, each)
  const bySort = new Map([...versions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  const document = new Map<string, PhpValue>([
    ['root', new Map<string, PhpValue>([['name', project.name], ...root, ['dev', false]])],
    ['versions', bySort],
  ])
  return `<?php return ${nestedArray(document)};\n`
}

function facts(about: {
  readonly version: string
  readonly reference: string | null
  readonly type: string
  readonly path: PhpCode | null
  readonly aliases: readonly string[]
}): Map<string, PhpValue> {
  return new Map<string, PhpValue>([
    ['pretty_version', about.version],
    ['version', normaliseVersion(about.version)],
    ['reference', about.reference],
    ['type', about.type],
    ['install_path', about.path],
    ['aliases', about.aliases],
  ])
}

function referenceOf(entry: JsonObject): string | null {
  const of = (key: string) => textOf(memberOf(entry[key], 'reference'))
  return of('dist') ?? of('source') ?? null
}

/** Of a branch: "1.x-dev" that its author names for it, or that it is the main one; and what the project takes it for. */
function aliasesOf(
  { name, version, entry }: ComposerPackage,
  aliases: ComposerLock['aliases'],
): readonly string[] {
  const asked = aliases.filter((each) => each.name === name).map(({ alias }) => alias)
  if (!/^dev-|-dev$/.test(version)) return asked
  const own = membersOf(memberOf(entry['extra'], 'branch-alias')).find(([branch]) => branch === version)
  const named = textOf(own?.[1]) ?? (entry['default-branch'] === true ? '9999999-dev' : undefined)
  return named === undefined ? asked : [named, ...asked]
}

/** Packages that another one stands for. */
function addInstead(
  versions: Map<string, Map<string, PhpValue>>,
  key: string,
  { version, entry }: Pick<ComposerPackage, 'version' | 'entry'>,
): void {
  const property = key === 'replace' ? 'replaced' : 'provided'
  for (const [name, constraint] of membersOf(entry[key])) {
    const target = name.toLowerCase()
    if (platform.test(target)) continue
    const facts = versions.get(target) ?? new Map<string, PhpValue>([['dev_requirement', false]])
    const said = textOf(constraint) === 'self.version' ? version : (textOf(constraint) ?? '*')
    const before = (facts.get(property) as readonly string[] | undefined) ?? []
    versions.set(target, facts.set(property, before.includes(said) ? before : [...before, said]))
  }
}

/** Programs of all packages: paths below the project's folder. */
export function programPaths({ packages }: ComposerLock, { vendor }: ComposerProject): readonly string[] {
  return packages.flatMap((each) => programsOf(each).map((path) => `${vendor}/${each.name}/${path}`))
}

/** Programs of a package: paths below its folder. */
export function programsOf({ entry }: ComposerPackage): readonly string[] {
  const bin = entry['bin']
  const all = typeof bin === 'string' ? [bin] : Array.isArray(bin) ? bin : []
  return all.flatMap((each) => {
    const path = posix.normalize(textOf(each) ?? '').replace(/^\//, '')
    return path === '' || path === '.' || path.split('/').includes('..') ? [] : [path]
  })
}
