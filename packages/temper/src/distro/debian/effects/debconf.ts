import type { CommandCall, CommandModel, Effect, EffectContext } from '../../shared/effects/effect.ts'
import { canFollow } from '../../shared/scripts/scan.ts'
import type { CommandResult, Value } from '../../shared/scripts/world.ts'
import { controlData } from '../archive/control.ts'

const done: CommandResult = { status: 0, output: '' }
/** A question that is not asked, because nobody is there (debconf-devel(7)). */
const skipped: CommandResult = { status: 30, output: '' }
/** There is no such question. What stands in RET then is no answer. */
const missing: CommandResult = { status: 10, output: '', sets: { RET: undefined } }
const unsure: CommandResult = { status: undefined, output: '', sets: { RET: undefined } }

/**
 * What scripts answer that are written in Perl, and so cannot be followed, on a machine called "localhost": as the real
 * ones of Debian 13 do it. Other questions of their packages keep their defaults.
 */
const answersOfPerl: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'krb5-config': new Map(),
  postfix: new Map([
    ['postfix/mailname', 'localhost'],
    ['postfix/destinations', '$myhostname, localhost, localhost.localdomain, , localhost'],
  ]),
}

/** Answers to the questions of the image's packages: their defaults, and what scripts have put in their place. */
class Answers {
  readonly #defaults = new Map<string, string>()
  readonly #answers = new Map<string, Value>()
  /** Flags of questions, which are "false" until they are set. */
  readonly #flags = new Map<string, Value>()

  constructor({ packages, options, stage }: EffectContext) {
    for (const { package: installed, content } of packages) {
      const { templates = '', scripts } = controlData(content)
      for (const [question, answer] of templatesOf(templates)) {
        if (!this.#defaults.has(question)) this.#defaults.set(question, answer)
        const known = Object.hasOwn(answersOfPerl, installed.name) ? answersOfPerl[installed.name] : undefined
        if (known?.has(question)) this.#answers.set(question, known.get(question))
        else if (mayAnswer(scripts.config ?? '') && known === undefined)
          this.#answers.set(question, undefined)
      }
    }
    if (options.system === undefined) return
    // On a system that is there somebody has answered, or nobody knows what.
    const given = givenAnswers(stage.text('var/cache/debconf/config.dat'))
    for (const question of this.#defaults.keys()) this.#answers.set(question, given?.get(question))
  }

  has(question: string): boolean {
    return this.#defaults.has(question)
  }

  get(question: string): Value {
    return this.#answers.has(question) ? this.#answers.get(question) : this.#defaults.get(question)
  }

  /** Sets a value; one that is only possibly set is unknown from then on. */
  set(question: string, answer: Value, options: { readonly certain: boolean }): void {
    const same = answer !== undefined && this.get(question) === answer
    this.#answers.set(question, options.certain || same ? answer : undefined)
  }

  flag(question: string, name: Value): Value {
    const key = `${question} ${name}`
    if (name === undefined) return undefined
    return this.#flags.has(key) ? this.#flags.get(key) : 'false'
  }

  setFlag(question: string, name: Value, value: Value, options: { readonly certain: boolean }): void {
    const same = value !== undefined && this.flag(question, name) === value
    this.#flags.set(`${question} ${name}`, options.certain || same ? value : undefined)
  }

  /** Registers a question with the template of another one. */
  register(template: string, question: string): void {
    const answer = this.#defaults.get(template)
    if (answer !== undefined && !this.#defaults.has(question)) this.#defaults.set(question, answer)
  }

  reset(question: string, options: { readonly certain: boolean }): void {
    this.set(question, this.#defaults.get(question), options)
  }
}

/** Whether a script that asks questions cannot be followed, and may answer some. */
function mayAnswer(text: string): boolean {
  return text !== '' && !canFollow(text) && /\bset\b|_set\b|SET\b/.test(text)
}

/** Answers in debconf's own database (debconf.conf(5), driver File); undefined when there is none. */
function givenAnswers(text: string | undefined): ReadonlyMap<string, string> | undefined {
  if (text === undefined) return undefined
  return new Map(
    text.split(/\n\s*\n/).flatMap((stanza) => {
      const field = (key: string) => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1]?.trim()
      const [question, answer] = [field('Name'), field('Value')]
      return question === undefined || answer === undefined ? [] : [[question, answer] as const]
    }),
  )
}

/** Questions of a templates file and their defaults. */
function templatesOf(text: string): readonly (readonly [question: string, answer: string])[] {
  return text.split(/\n\s*\n/).flatMap((stanza): [string, string][] => {
    const field = (key: string) => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1]?.trim()
    const question = field('Template')
    return question === undefined ? [] : [[question, field('Default') ?? '']]
  })
}

/** Effect: answers to debconf questions, which are the defaults, since nobody answers while an image is made. */
export const debconf: Effect = {
  id: 'debconf',
  title: 'Answers to questions that nobody is asked',
  why: 'Scripts write configuration out of the answers: of a question that nobody is asked, the default is the answer.',
  source: 'debconf-devel(7); debconf(7), the frontend "noninteractive"',
  start(context) {
    const answers = new Answers(context)
    const withQuestion =
      (model: (question: string, call: CommandCall) => CommandResult): CommandModel =>
      (call) => {
        const [question] = call.arguments
        if (question === undefined) return unsure
        if (answers.has(question)) return model(question, call)
        // The questions of what is only there while installing.
        return /^(?:debconf|ucf)\//.test(question) ? unsure : missing
      }
    return {
      commands: {
        db_get: withQuestion((question) => ({
          status: 0,
          output: '',
          sets: { RET: answers.get(question) },
        })),
        db_set: withQuestion((question, { arguments: words, certain }) => {
          const rest = words.slice(1)
          answers.set(question, rest.includes(undefined) ? undefined : rest.join(' '), { certain })
          return done
        }),
        db_reset: withQuestion((question, { certain }) => {
          answers.reset(question, { certain })
          return done
        }),
        db_register: ({ arguments: [template, question] }) => {
          if (template !== undefined && question !== undefined) answers.register(template, question)
          return done
        },
        db_input: () => skipped,
        db_fget: withQuestion((question, { arguments: [, flag] }) => ({
          status: 0,
          output: '',
          sets: { RET: answers.flag(question, flag) },
        })),
        db_fset: withQuestion((question, { arguments: [, flag, value], certain }) => {
          answers.setFlag(question, flag, value, { certain })
          return done
        }),
        db_metaget: withQuestion((question, { arguments: [, field] }) =>
          field === 'value' ? { status: 0, output: '', sets: { RET: answers.get(question) } } : unsure,
        ),
        ...Object.fromEntries(silent.split(' ').map((name) => [name, () => done])),
      },
    }
  },
}

/** Commands that tell the dialogue how to go on. */
const silent =
  'db_version db_capb db_info db_go db_stop db_subst db_title db_settitle db_purge db_unregister db_beginblock db_endblock ' +
  'db_x_loadtemplatefile debconf-communicate'
