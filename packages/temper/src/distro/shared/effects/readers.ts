import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import type { CommandResult } from '../scripts/world.ts'
import type { CommandCall, CommandModel, EffectContext } from './effect.ts'

const ok = (output: string): CommandResult => ({ status: 0, output })
const no: CommandResult = { status: 1, output: '' }

const multiarch = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' } as const

/** Commands that only answer questions, as far as the answer is known. */
export function readers(context: EffectContext): Readonly<Record<string, CommandModel>> {
  const { architecture } = context.options
  return {
    dpkg: (call) => dpkg(call, architecture),
    'dpkg-architecture': ({ arguments: words }) => {
      const name = words.join(' ').replace(/^-a\S+ |^-q ?/, '')
      if (/DEB_(?:HOST|BUILD|TARGET)_MULTIARCH$/.test(name)) return ok(`${multiarch[architecture]}\n`)
      return /DEB_(?:HOST|BUILD|TARGET)_ARCH$/.test(name) ? ok(`${architecture}\n`) : undefined
    },
    basename: ({ arguments: [path, suffix] }) => {
      if (path === undefined) return undefined
      const name = path.replace(/\/+$/, '').replace(/^.*\//s, '')
      return ok(`${suffix !== undefined && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`)
    },
    dirname: ({ arguments: [path] }) =>
      path === undefined
        ? undefined
        : ok(`${/^(.*[^/])\/+[^/]*\/*$/s.exec(path)?.[1] ?? (path.startsWith('/') ? '/' : '.')}\n`),
    readlink: ({ arguments: words }) => readlink(words, context),
    stat: ({ arguments: words }) => stat(words, context),
    expr: ({ arguments: words }) => {
      const [a, operator, b] = words
      if (words.length !== 3 || !/^\d{1,12}$/.test(a ?? '') || !/^\d{1,12}$/.test(b ?? '')) return undefined
      if (operator === '+') return ok(`${Number(a) + Number(b)}\n`)
      return operator === '-' ? ok(`${Number(a) - Number(b)}\n`) : undefined
    },
    grep: (call) => grep(call),
    cat: (call) => cat(call, context),
    tr: ({ arguments: [from, to], input }) => {
      const upper = from === '[:upper:]' || from === 'A-Z'
      const lower = to === '[:lower:]' || to === 'a-z'
      return upper && lower && input !== undefined
        ? ok(input.replace(/[A-Z]/g, (c) => c.toLowerCase()))
        : undefined
    },
    db_get: (call) => debconfDefault(call, context),
    db_metaget: () => ({ status: undefined, output: '', sets: { RET: undefined } }),
    getent: ({ arguments: [kind, name] }) => getent(kind, name, context),
    id: ({ arguments: words }) => identify(words, context),
    find: (call) => find(call, context),
    ls: ({ arguments: words }) => {
      const paths = words.filter((word) => !word?.startsWith('-'))
      if (paths.length === 0 || paths.includes(undefined)) return undefined
      const there = paths.every((path) => path !== undefined && context.stage.resolve(path) !== undefined)
      return { status: there ? 0 : 2, output: there ? undefined : '' }
    },
  }
}

/** The answer to a question that nobody is asked: its default (debconf-devel(7)). */
function debconfDefault(
  { arguments: words, package: name }: CommandCall,
  context: EffectContext,
): CommandResult {
  const [question] = words
  const found = context.packages.find((candidate) => candidate.package.name === name)
  for (const stanza of (found?.content.templates ?? '').split(/\n\s*\n/)) {
    const field = (key: string) => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1]?.trim()
    if (question === undefined || field('Template') !== question) continue
    return { status: 0, output: '', sets: { RET: field('Default') ?? '' } }
  }
  return { status: undefined, output: '', sets: { RET: undefined } }
}

/** `--compare-versions`: no version (a first installation) is earlier than any (dpkg(1)). */
function dpkg({ arguments: words }: CommandCall, architecture: string): CommandResult | undefined {
  const [action, a, relation, b] = words
  if (action === '--print-architecture') return ok(`${architecture}\n`)
  if (action === '--print-foreign-architectures') return ok('')
  if (action === '--assert-multi-arch' || action === '--validate-version') return ok('')
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

function readlink(words: CommandCall['arguments'], { stage }: EffectContext): CommandResult | undefined {
  const path = words.at(-1)
  if (path === undefined || words.includes(undefined)) return undefined
  const canonical = words.some((word) => word === '-f' || word === '-e' || word === '-m')
  if (canonical) {
    const real = stage.realPath(path)
    return real === undefined ? no : ok(`/${real}\n`)
  }
  const node = stage.get(stage.canonical(path))
  return node?.type === 'symlink' ? ok(`${node.target ?? ''}\n`) : no
}

function stat(words: CommandCall['arguments'], { stage }: EffectContext): CommandResult | undefined {
  const path = words.at(-1)
  const format = words[words.findIndex((word) => word === '-c' || word === '--format') + 1]
  if (path === undefined || format === undefined) return undefined
  const node = stage.resolve(path)
  if (!node) return no
  if (format === '%a') return ok(`${node.mode.toString(8)}\n`)
  if (format === '%u') return ok(`${node.uid}\n`)
  return format === '%g' ? ok(`${node.gid}\n`) : undefined
}

/** Plain words in text that is known; anything that needs a regular expression is left unknown. */
function grep({ arguments: words, input }: CommandCall): CommandResult | undefined {
  const flags = words.filter((word) => word?.startsWith('-')).join('')
  const [pattern, ...files] = words.filter((word) => !word?.startsWith('-'))
  if (input === '' && files.length === 0) return no
  if (input === undefined || pattern === undefined || files.length > 0) return undefined
  if (!/^[-qwxFsE]*$/.test(flags) || !/^[\w/-]+$/.test(pattern) || !flags.includes('q')) return undefined
  const lines = input.split('\n')
  const found = lines.some((line) => {
    if (flags.includes('x')) return line === pattern
    if (flags.includes('w')) return line.split(/[^\w-]+/).includes(pattern)
    return line.includes(pattern)
  })
  return found ? ok('') : no
}

function cat({ arguments: words, input }: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const files = words.filter((word) => word !== '-')
  if (files.length === 0) return { status: 0, output: input }
  let text = ''
  for (const file of files) {
    const content = file === undefined ? undefined : stage.text(file)
    if (content === undefined) return undefined
    text += content
  }
  return ok(text)
}

function getent(
  kind: string | undefined,
  name: string | undefined,
  { accounts }: EffectContext,
): CommandResult | undefined {
  if (name === undefined) return undefined
  if (kind === 'passwd') {
    const user = accounts.knowsUser(name)
    return user
      ? ok(`${user.name}:x:${user.uid}:${user.gid}:${user.comment}:${user.home}:/usr/sbin/nologin\n`)
      : { status: 2, output: '' }
  }
  if (kind !== 'group') return undefined
  const group = accounts.knowsGroup(name)
  return group ? ok(`${group.name}:x:${group.gid}:${group.members.join(',')}\n`) : { status: 2, output: '' }
}

function identify(words: CommandCall['arguments'], { accounts }: EffectContext): CommandResult | undefined {
  if (words.includes(undefined)) return undefined
  const flags = words
    .filter((word) => word?.startsWith('-'))
    .join('')
    .replace(/-/g, '')
  const name = words.find((word) => !word?.startsWith('-')) ?? 'root'
  const user = accounts.knowsUser(name)
  if (!user) return no
  switch ([...flags].sort().join('')) {
    case 'u':
      return ok(`${user.uid}\n`)
    case 'g':
      return ok(`${user.gid}\n`)
    case 'nu':
      return ok(`${user.name}\n`)
    case 'Gn':
      return ok(`${accounts.groupsOf(user).join(' ')}\n`)
    default:
      return { status: 0, output: undefined }
  }
}

/** A search below a folder that is not there, or for names that nothing has, finds nothing. */
function find({ arguments: words }: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const [start] = words
  if (start === undefined || start.startsWith('-')) return undefined
  const folder = stage.realPath(start)
  if (folder === undefined) return no
  const name = words[words.indexOf('-name') + 1]
  if (!words.includes('-name') || name === undefined || !/^[\w.*-]+$/.test(name)) return undefined
  const pieces = name.split('*')
  const fits = (text: string) =>
    text.startsWith(pieces[0] ?? '') &&
    text.endsWith(pieces.at(-1) ?? '') &&
    pieces.every((piece) => text.includes(piece))
  const search = (at: string): boolean =>
    stage
      .list(at)
      .some(
        (entry) =>
          fits(entry) || (stage.get(`${at}/${entry}`)?.type === 'directory' && search(`${at}/${entry}`)),
      )
  return search(folder) ? undefined : ok('')
}
