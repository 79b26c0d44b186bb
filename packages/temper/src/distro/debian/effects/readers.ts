import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import type { EffectPackage } from '../../../model/distro.ts'
import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, CommandModel, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult, Value } from '../../shared/scripts/world.ts'
import { controlData } from '../archive/control.ts'
import { multiarch } from '../loader.ts'
import { configurationPrinters } from './configuration-printers.ts'

const ok = (output: string): CommandResult => ({ status: 0, output })

/** Commands of dpkg that only answer queries, as far as the answer is known. */
export function debianReaders(context: EffectContext): Readonly<Record<string, CommandModel>> {
  const { architecture } = context.options
  return {
    dpkg: (call) => dpkg(call, architecture) ?? statusOf(call, context),
    'dpkg-architecture': ({ arguments: words }) => {
      const name = words.join(' ').replace(/^-a\S+ |^-q ?/, '')
      if (/DEB_(?:HOST|BUILD|TARGET)_MULTIARCH$/.test(name)) return ok(`${multiarch[architecture]}\n`)
      return /DEB_(?:HOST|BUILD|TARGET)_ARCH$/.test(name) ? ok(`${architecture}\n`) : undefined
    },
    'dpkg-query': (call) => askDatabase(call, context),
    py3versions: (call) => pythonVersions(call, context),
    ...configurationPrinters(context),
  }
}

/** `-i` or `-s`: the Pythons that are there (py3versions(1)). */
function pythonVersions(
  { arguments: words }: CommandCall,
  { stage }: EffectContext,
): CommandResult | undefined {
  if (words.length !== 1 || !/^-[is]$/.test(words[0] ?? '')) return undefined
  const names = stage.list('usr/bin').filter((name) => /^python3\.\d+$/.test(name))
  return ok(`${names.join(' ')}\n`)
}

/** `--compare-versions`: no version (a first installation) is earlier than any (dpkg(1)). */
function dpkg({ arguments: words }: CommandCall, architecture: string): CommandResult | undefined {
  const [action, a, relation, b] = words
  if (action === '--print-architecture') return ok(`${architecture}\n`)
  if (action === '--print-foreign-architectures') return ok('')
  if (action === '--assert-multi-arch') return ok('')
  if (action === '--validate-version')
    return a !== undefined && /^(?:\d+:)?\d[A-Za-z0-9.+~-]*$/.test(a) ? ok('') : undefined
  if (action !== '--compare-versions' || a === undefined || relation === undefined || b === undefined)
    return undefined
  const bare = relation.replace(/-nl$/, '')
  if ((a === '' || b === '') && relation.endsWith('-nl'))
    return answerEmpty(a, bare, b, { emptyIsLater: true })
  if (a === '' || b === '') return answerEmpty(a, bare, b, { emptyIsLater: false })
  try {
    return answer(compareDebianVersions(a, b), bare)
  } catch {
    return undefined
  }
}

function answerEmpty(
  a: string,
  relation: string,
  b: string,
  options: { readonly emptyIsLater: boolean },
): CommandResult | undefined {
  if (a === '' && b === '') return answer(0, relation)
  return answer((a === '') === options.emptyIsLater ? 1 : -1, relation)
}

function answer(order: number, relation: string): CommandResult | undefined {
  const answers: Readonly<Record<string, boolean>> = {
    lt: order < 0,
    le: order <= 0,
    eq: order === 0,
    ne: order !== 0,
    ge: order >= 0,
    gt: order > 0,
    '<<': order < 0,
    '<=': order <= 0,
    '=': order === 0,
    '>=': order >= 0,
    '>>': order > 0,
  }
  const holds = Object.hasOwn(answers, relation) ? answers[relation] : undefined
  return holds === undefined ? undefined : { status: holds ? 0 : 1, output: '' }
}

/** `dpkg -s NAME`, `dpkg -l NAME`. */
function statusOf(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { arguments: words } = call
  // Whose script of init is it? The image has none.
  const [search, ...files] = words
  const ofInit = /^(?:\/etc\/init\.d|(?:\/usr)?\/lib\/systemd)\//
  if (/^(?:-S|--search)$/.test(search ?? '') && files.every((file) => ofInit.test(file ?? '')))
    return { status: 1, output: '' }
  const asks = words.some((word) => /^(?:-s|--status|-l|--list|-L|--listfiles)$/.test(word ?? ''))
  return asks ? askDatabase(call, context) : undefined
}

/** `dpkg-query`, `dpkg -s` and their like: what the image does not have is not installed. */
function askDatabase(
  { arguments: words, package: asking, script }: CommandCall,
  { packages }: EffectContext,
): CommandResult | undefined {
  if (words.includes(undefined)) return undefined
  const { values, operands } = readOptions(words, { valued: ['-f', '--showformat'] })
  const format = values.get('-f') ?? values.get('--showformat')
  const control = words.includes('--control-path') || words.includes('-c')
  const names = control ? operands.slice(0, 1) : operands
  // Of nobody nothing is said.
  if (names.length === 0 && format === undefined && words.length === 1) return { status: 2, output: '' }
  if (names.length === 0) return undefined
  if (names.some((name) => name === undefined || /[*?[]/.test(name))) return undefined
  const there = names.map((asked) => {
    const [name, qualifier] = asked?.split(':') ?? []
    // What is about to be unpacked is not installed.
    if (script === 'preinst' && name === asking) return undefined
    const fits = ({ package: installed }: EffectPackage) =>
      installed.name === name &&
      (qualifier === undefined || qualifier === 'any' || qualifier === installed.architecture)
    return packages.find(fits)
  })
  const [only, ...more] = there
  // It is there while scripts run, and not in the image.
  if (names[0] === 'debconf' && only === undefined && format === undefined)
    return ok('Package: debconf\nStatus: install ok installed\nVersion: 1.5\n')
  if (there.every((each) => each === undefined)) return { status: 1, output: '' }
  if (only === undefined || more.length > 0) return undefined
  if (format === undefined) return /^(?:-s|--status)$/.test(words[0] ?? '') ? ok(statusText(only)) : undefined
  // An empty format, and a field that is not closed, are mistakes.
  if (format === '' || format.replace(/\$\{[^}]*\}/g, '').includes('${')) return undefined
  const text = showPackage(format, only.package)
  return text === undefined ? { status: 0, output: undefined } : ok(text)
}

/** What `dpkg -s` prints of a package that is installed. */
function statusText({ content, package: { name, version, architecture } }: EffectPackage): string {
  const {
    Package: _name,
    Version: _version,
    Architecture: _architecture,
    ...rest
  } = controlData(content).control
  const first = {
    Package: name,
    Status: 'install ok installed',
    Architecture: architecture,
    Version: version,
  }
  return Object.entries({ ...first, ...rest })
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')
}

/** `${Version}` and its like (dpkg-query(1)); undefined when a field is not known here. */
function showPackage(format: string, installed: EffectPackage['package']): Value {
  const { name, architecture } = installed
  const fields: Readonly<Record<string, string>> = {
    Package: name,
    'binary:Package': name,
    get Version() {
      return installed.version
    },
    Architecture: architecture,
    Status: 'install ok installed',
    'db:Status-Status': 'installed',
    'db:Status-Abbrev': 'ii ',
  }
  const parts = [...format.matchAll(/\$\{([^}]*)\}/g)].map(([, field = '']) => field)
  if (parts.some((field) => !Object.hasOwn(fields, field))) return undefined
  // A backslash before anything else stands for nothing, and what follows for itself.
  return format.replace(/\$\{([^}]*)\}|\\(.)/gs, (_, field?: string, escaped?: string) => {
    if (field !== undefined) return fields[field] ?? ''
    return escapes.get(escaped ?? '') ?? escaped ?? ''
  })
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
])
