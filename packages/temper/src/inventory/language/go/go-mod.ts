import { compareVersions } from '../../../formats/version/compare.ts'
import type { FileContent, FoundFact } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { folderOf } from '../place.ts'
import { develVersion, isFolder } from './modules.ts'

interface GoMod {
  readonly path?: string
  readonly goVersion?: string
  readonly require: ReadonlyMap<string, string>
  /** Keys "path" and "path@version". */
  readonly replace: ReadonlyMap<string, { readonly path: string; readonly version: string }>
}

/** The language version from which on go.mod lists all modules of a build (Go modules reference, "go directive"). */
const completeFrom = 17

/** go.mod: what it requires, with its replacements. Go's own source tree, of modules "std" and "cmd", is none. */
export function readGoMod(file: FileContent): LanguageFact | undefined {
  const mod = parseGoMod(decodeText(file.bytes))
  if (mod.path === undefined || mod.path === 'std' || mod.path === 'cmd') return undefined
  const facts = [...mod.require].map(([path, version]) => {
    const other = mod.replace.get(`${path}@${version}`) ?? mod.replace.get(path)
    if (other === undefined) return packageFact(path, version)
    return isFolder(other.path) ? packageFact(path, develVersion) : packageFact(other.path, other.version)
  })
  const note = {
    code: 'incomplete-lock',
    message: `go.mod of Go ${mod.goVersion} lists direct requirements only`,
  }
  return { kind: 'lock', packages: distinct(facts), ...(isComplete(mod) ? {} : { notes: [note] }) }
}

function isComplete({ goVersion }: GoMod): boolean {
  const [major = '1', minor = '0'] = (goVersion ?? '1.0').split('.')
  return Number(major) > 1 || Number.parseInt(minor, 10) >= completeFrom
}

function parseGoMod(text: string): GoMod {
  const require = new Map<string, string>()
  const replace = new Map<string, { path: string; version: string }>()
  let path: string | undefined
  let goVersion: string | undefined
  let block = ''
  for (const whole of text.split('\n')) {
    const line = whole.slice(0, 2000).split('//', 1)[0]?.trim() ?? ''
    if (line === '') continue
    if (line === ')') {
      block = ''
      continue
    }
    const opened = /^(\w+)\s*\($/.exec(line)?.[1]
    if (opened !== undefined) {
      block = opened
      continue
    }
    const words = line.split(/\s+/).map((word) => word.replace(/^["`]|["`]$/g, ''))
    const [kind = '', ...rest] = block === '' ? words : [block, ...words]
    if (kind === 'module') path = rest[0]
    else if (kind === 'go') goVersion = rest[0]
    else if (kind === 'require' && rest[0] && rest[1]) setHighest(require, rest[0], rest[1])
    else if (kind === 'replace') addReplacement(replace, rest)
  }
  return {
    require,
    replace,
    ...(path === undefined ? {} : { path }),
    ...(goVersion === undefined ? {} : { goVersion }),
  }
}

/** A module that is named twice, as merging leaves it, is needed in its highest version (minimal version selection). */
function setHighest(versions: Map<string, string>, name: string, version: string): void {
  const known = versions.get(name)
  if (known === undefined || compareVersions('golang', known, version) < 0) versions.set(name, version)
}

/** "old [version] => new [version]" */
function addReplacement(
  replace: Map<string, { path: string; version: string }>,
  words: readonly string[],
): void {
  const arrow = words.indexOf('=>')
  const [from, version] = words.slice(0, Math.max(0, arrow))
  const [to, toVersion] = words.slice(arrow + 1)
  if (arrow < 1 || from === undefined || to === undefined) return
  replace.set(version === undefined ? from : `${from}@${version}`, {
    path: to,
    version: toVersion ?? develVersion,
  })
}

/**
 * go.sum: modules whose content was needed, not only their go.mod; of several versions the highest is used. Counts only beside a go.mod that is not complete (see `completeGoMods`).
 */
export function readGoSum(file: FileContent): LanguageFact | undefined {
  const latest = new Map<string, string>()
  for (const line of decodeText(file.bytes).split('\n')) {
    const [name = '', version = ''] = line.slice(0, 2000).split(' ')
    if (version !== '' && !version.endsWith('/go.mod')) setHighest(latest, name, version)
  }
  const packages = distinct([...latest].map(([name, version]) => packageFact(name, version)))
  return packages.length === 0 ? undefined : { kind: 'lock', packages }
}

/** Fills incomplete go.mod files up from the go.sum beside them, and drops all go.sum files. */
export function completeGoMods(facts: readonly FoundFact<LanguageFact>[]): FoundFact<LanguageFact>[] {
  const sums = new Map(
    facts
      .filter(({ location }) => isSum(location.path))
      .map((placed) => [folderOf(placed.location.path), placed.fact]),
  )
  return facts
    .filter(({ location }) => !isSum(location.path))
    .map((placed) => {
      const sum = sums.get(folderOf(placed.location.path))
      if (sum === undefined || placed.fact.kind !== 'lock' || placed.fact.notes === undefined) return placed
      const known = new Set(placed.fact.packages.map(({ name }) => name))
      const more = sum.packages.filter(({ name }) => !known.has(name))
      return { ...placed, fact: { kind: 'lock', packages: [...placed.fact.packages, ...more] } }
    })
}

function isSum(path: string): boolean {
  return path === 'go.sum' || path.endsWith('/go.sum')
}
