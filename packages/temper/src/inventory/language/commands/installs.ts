import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact, versionUnknown } from '../fact.ts'
import { type ManifestKind, matching } from '../language.ts'
import { isForTrials } from '../npm/package-json.ts'
import { folderOf } from '../place.ts'
import { runCommands } from './words.ts'

/** A package that a command installs; without a version, where the command names no single one. */
interface Asked {
  readonly name: string
  readonly version?: string
}

/** What the words of one command install; empty for every other command. */
type Installs = (words: readonly string[]) => readonly Asked[]

const dockerfile =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?|[\w.-]+\.(?:[Dd]ockerfile|[Cc]ontainerfile))$/

/** Packages that the commands of a Dockerfile install, beside what the project itself asks for; those of tests and examples make none of what it makes. */
function inDockerfiles(installs: Installs): ManifestKind {
  const { matches, read } = matching(dockerfile, (file) => readCommands(file, installs))
  return { matches: (head) => matches(head) && !isForTrials(folderOf(head.path)), read }
}

function readCommands(file: FileContent, installs: Installs): LanguageFact | undefined {
  const asked = runCommands(decodeText(file.bytes)).flatMap(installs)
  const packages = distinct(asked.map(({ name, version }) => packageFact(name, version)))
  const unpinned = [...new Set(asked.flatMap(({ name, version }) => (version === undefined ? [name] : [])))]
  if (packages.length === 0 && unpinned.length === 0) return undefined
  const fact = { kind: 'lock', packages, isOfCommands: true } as const
  if (unpinned.length === 0) return fact
  const some = unpinned.slice(0, 3).join(', ') + (unpinned.length > 3 ? ', …' : '')
  const message = `${unpinned.length} of what the commands of ${file.path} install name no single version (${some}): they were compared with nothing`
  return { ...fact, unpinned, notes: [{ code: versionUnknown, message }] }
}

const exact = /^v?\d+(?:\.\d+){2}(?:[-+][\w.+-]+)?$/

/** Options of pip with a value in the next word. */
const pipValues =
  /^(?:-[rciftbde]|--(?:requirement|constraint|index-url|extra-index-url|find-links|target|editable|prefix|root|src|timeout|retries|proxy|trusted-host|platform|python-version|python|implementation|abi|cache-dir|cert|client-cert|log|no-binary|only-binary|progress-bar|config-settings|global-option|upgrade-strategy|index-strategy))$/
/** What installs packages, and comes with Python. */
const ownOfPip = /^(?:pip|setuptools|wheel)$/i

/** `pip install a==1`, also of `python -m`, `uv` and `pipx`. */
const pip: Installs = (words) => {
  const at = words.findIndex((word) => /^(?:\S*\/)?pip[\d.]*$|^(?:\S*\/)?pipx$/.test(word))
  const isModule = /^(?:\S*\/)?python[\d.]*$/.test(words[0] ?? '') && words[1] === '-m'
  if (!(at === 0 || (at === 2 && isModule) || (at === 1 && /^(?:\S*\/)?uv$/.test(words[0] ?? '')))) return []
  const after = words.slice(at + 1)
  const install = after.indexOf('install')
  if (install < 0 || after.slice(0, install).some((word) => !word.startsWith('-'))) return []
  return operands(after.slice(install + 1), pipValues).flatMap((word) => {
    const [, name, range = ''] = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?((?:[<>=!~].*)?)$/.exec(word) ?? []
    if (name === undefined || /\.(?:whl|zip|tgz|gz|bz2|txt)$/.test(name)) return []
    const version = /^={2,3}([^\s,;*$]+)$/.exec(range)?.[1]
    if (version === undefined) return ownOfPip.test(name) ? [] : [{ name }]
    return [{ name, version }]
  })
}

/** `npm install -g a@1.2.3`, also of pnpm and yarn. */
const npm: Installs = ([tool = '', ...rest]) => {
  const isGlobal = rest.some((word) => /^(?:-g|--global|--location=global)$/.test(word))
  const isYarn = tool === 'yarn' && rest[0] === 'global' && rest[1] === 'add'
  const words = isYarn ? rest.slice(1) : rest
  const at = words.findIndex((word) => /^(?:i|install|add)$/.test(word))
  if (at < 0 || !(isYarn || (/^p?npm$/.test(tool) && isGlobal))) return []
  return operands(words.slice(at + 1), /^--(?:prefix|registry|cache)$/).flatMap((word) => {
    const [, name, range] = /^((?:@[\w.-]+\/)?[A-Za-z0-9][\w.-]*)(?:@(.+))?$/.exec(word) ?? []
    if (name === undefined) return []
    return [{ name, ...(range !== undefined && exact.test(range) ? { version: range } : {}) }]
  })
}

/** `gem install a -v 1.2`, `gem install a:1.2`. */
const gem: Installs = ([tool, install, ...rest]) => {
  if (tool !== 'gem' || install !== 'install') return []
  const at = rest.findIndex((word) => /^(?:-v|--version)(?:=|$)/.test(word))
  const word = at < 0 ? undefined : rest[at]
  const stated = word?.includes('=') === true ? word.split('=')[1] : at < 0 ? undefined : rest[at + 1]
  return operands(rest, /^(?:-[vinsP]|--(?:version|install-dir|bindir|source|platform))$/).flatMap((each) => {
    const [, name, own] = /^([A-Za-z0-9][\w.-]*?)(?::(.+))?$/.exec(each) ?? []
    const version = own ?? stated
    if (name === undefined || name.endsWith('.gem')) return []
    return [{ name, ...(version !== undefined && /^\d[\w.]*$/.test(version) ? { version } : {}) }]
  })
}

/** `cargo install a@1.2.3`, or the version as an option; where a lock or a folder is asked for, that says more. */
const cargo: Installs = ([tool, install, ...rest]) => {
  if (tool !== 'cargo' || install !== 'install' || rest.some((word) => /^--(?:path|git)\b/.test(word)))
    return []
  const at = rest.findIndex((word) => /^--(?:version|vers)(?:=|$)/.test(word))
  const word = at < 0 ? undefined : rest[at]
  const stated = word?.includes('=') === true ? word.split('=')[1] : at < 0 ? undefined : rest[at + 1]
  return operands(
    rest,
    /^(?:-[jFZ]|--(?:version|vers|root|features|target|profile|bin|registry|index|jobs))$/,
  ).flatMap((each) => {
    const [, name, own] = /^([A-Za-z0-9][\w-]*)(?:@(.+))?$/.exec(each) ?? []
    const version = (own ?? stated)?.replace(/^=/, '')
    if (name === undefined) return []
    return [{ name, ...(version !== undefined && exact.test(version) ? { version } : {}) }]
  })
}

/** Words that are no options, nor values of those. */
function operands(words: readonly string[], withValue: RegExp): readonly string[] {
  const until = words.findIndex((word) => /^(?:[&>]|\d?>|#|\)|fi$|done$)/.test(word))
  const own = until < 0 ? words : words.slice(0, until)
  return own.filter((word, at) => !word.startsWith('-') && !withValue.test(own[at - 1] ?? ''))
}

export const pipCommands = inDockerfiles(pip)
export const npmCommands = inDockerfiles(npm)
export const gemCommands = inDockerfiles(gem)
export const cargoCommands = inDockerfiles(cargo)
