import { compareDebianVersions } from '../../../formats/version/dpkg.ts'
import type { CommandCall, CommandModel, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'
import { controlData } from '../archive/control.ts'
import { multiarch } from '../loader.ts'

const ok = (output: string): CommandResult => ({ status: 0, output })

/** Commands of dpkg and debconf that only answer questions, as far as the answer is known. */
export function debianReaders(context: EffectContext): Readonly<Record<string, CommandModel>> {
  const { architecture } = context.options
  return {
    dpkg: (call) => dpkg(call, architecture),
    'dpkg-architecture': ({ arguments: words }) => {
      const name = words.join(' ').replace(/^-a\S+ |^-q ?/, '')
      if (/DEB_(?:HOST|BUILD|TARGET)_MULTIARCH$/.test(name)) return ok(`${multiarch[architecture]}\n`)
      return /DEB_(?:HOST|BUILD|TARGET)_ARCH$/.test(name) ? ok(`${architecture}\n`) : undefined
    },
    db_get: (call) => debconfDefault(call, context),
    db_metaget: () => ({ status: undefined, output: '', sets: { RET: undefined } }),
  }
}

/** The answer to a question that nobody is asked: its default (debconf-devel(7)). */
function debconfDefault(
  { arguments: words, package: name }: CommandCall,
  context: EffectContext,
): CommandResult {
  const [question] = words
  const found = context.packages.find((candidate) => candidate.package.name === name)
  for (const stanza of ((found && controlData(found.content).templates) ?? '').split(/\n\s*\n/)) {
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
