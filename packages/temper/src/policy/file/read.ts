import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { closest } from '../../base/suggestion.ts'
import { levels } from '../../model/rule.ts'
import { type DocumentKind, type DocumentPath, documentFault, readDocument } from '../document/document.ts'
import { parseGate } from '../gate/parse.ts'
import type { GateExpression } from '../gate/rule.ts'
import { describeIssue } from './issue.ts'
import type { OwnRule, Policy, PolicyException, RuleSetting } from './policy.ts'
import { type PolicyFile, policySchema } from './schema.ts'
import { evidenceKinds, ownKinds } from './words.ts'

/** The policy of a large organisation has a few hundred lines; its exceptions may have thousands. */
export const policyKind: DocumentKind = {
  title: 'The policy',
  content: 'a policy',
  code: 'bad-policy',
  schema: 'core',
  bytes: 2 << 20,
  depth: 16,
  advice: {
    hint: 'docs/reference/policy.md describes the file.',
    next: { action: 'read-schema', of: 'policy' },
  },
}

/** A rule that policies may name. */
export interface KnownRule {
  readonly id: string
  /** Names of its parameters. */
  readonly parameters?: readonly string[]
}

/** One file without what it extends; what the file does not say is absent. */
export interface PolicyPart extends Partial<Omit<Policy, 'name' | 'extends'>> {
  readonly name?: string
  /** As it is written. */
  readonly extends?: string
}

/**
 * Reads a policy file (docs/reference/policy.md), YAML or JSON. Throws `bad-policy` that names every problem with its line
 * and column, `limit-exceeded` for files that nobody wrote by hand.
 * @param rules every rule that there is: any other name is a mistake that would let everything pass
 */
export function readPolicyFile(
  bytes: Uint8Array,
  file: string,
  { rules }: { readonly rules: readonly KnownRule[] },
): PolicyPart {
  const document = readDocument(bytes, file, policyKind)
  const problems: string[] = []
  const report = (path: DocumentPath, message: string) =>
    problems.push(`${document.placeOf(path)}: ${message}`)
  const result = policySchema.safeParse(document.value ?? {}, { error: () => '', reportInput: true })
  if (!result.success) {
    for (const { path, message } of result.error.issues.flatMap(describeIssue)) report(path, message)
    throw documentFault(policyKind, file, problems)
  }
  const reader = new PartReader(result.data, rules, report)
  const part = reader.part((path) => document.placeOf(path).replace(/:\d+$/, ''))
  if (problems.length > 0) throw documentFault(policyKind, file, problems)
  return part
}

type Report = (path: DocumentPath, message: string) => void

class PartReader {
  readonly #file: PolicyFile
  readonly #rules: readonly KnownRule[]
  readonly #report: Report

  constructor(file: PolicyFile, rules: readonly KnownRule[], report: Report) {
    this.#file = file
    this.#rules = rules
    this.#report = report
  }

  part(origin: (path: DocumentPath) => string): PolicyPart {
    const { name, description, images, tier } = this.#file
    const otherRules = this.#file['other-rules']
    return {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(this.#file.extends === undefined ? {} : { extends: this.#file.extends }),
      ...(images === undefined ? {} : { images }),
      ...(tier === undefined ? {} : { tier }),
      ...(otherRules === undefined ? {} : { otherRules }),
      ...(this.#file.rules === undefined ? {} : { rules: this.#settings(this.#file.rules) }),
      ...(this.#file.vulnerabilities === undefined ? {} : { vulnerabilities: this.#conditions() }),
      ...(this.#file.evidence === undefined ? {} : { evidence: this.#evidence(this.#file.evidence) }),
      ownRules: this.#ownRules(origin),
      exceptions: this.#exceptions(origin),
      examples: (this.#file.examples ?? []).map(({ day, expect, ...example }, i) => ({
        ...example,
        ...(day === undefined ? {} : { day }),
        expect: {
          allowed: expect.allowed,
          ...(expect.reasons === undefined ? {} : { reasons: expect.reasons }),
          ...(expect.waived === undefined ? {} : { waived: expect.waived }),
        },
        origin: origin(['examples', i]),
      })),
    }
  }

  #settings(settings: NonNullable<PolicyFile['rules']>): ReadonlyMap<string, RuleSetting> {
    const read = new Map<string, RuleSetting>()
    for (const [id, setting] of Object.entries(settings)) {
      const rule = this.#rules.find((each) => each.id === id)
      if (rule === undefined) this.#unknownRule(['rules', id], id)
      const { level, ...parameters } = typeof setting === 'string' ? { level: setting } : setting
      for (const name of Object.keys(parameters))
        if (rule !== undefined && !(rule.parameters ?? []).includes(name))
          this.#report(['rules', id, name], unknownParameter(rule, name))
      read.set(id, {
        ...(level === undefined ? {} : { level }),
        parameters: parameters as RuleSetting['parameters'],
      })
    }
    return read
  }

  #unknownRule(path: DocumentPath, id: string): void {
    const near = closest(
      id,
      this.#rules.map((rule) => rule.id),
    )
    const advice = near === undefined ? '' : `; did you mean "${near}"?`
    this.#report(path, `there is no rule "${id}"${advice}`)
  }

  #evidence(levels: NonNullable<PolicyFile['evidence']>): Policy['evidence'] {
    const known = Object.keys(evidenceKinds)
    for (const kind of Object.keys(levels)) {
      if (Object.hasOwn(evidenceKinds, kind) || /^https?:\/\/[!-~]+$/.test(kind)) continue
      const near = closest(kind, known)
      const advice = near === undefined ? '' : `; did you mean "${near}"?`
      const expected = `expected ${known.join(', ')}, or the address of a predicate type`
      const shown = printableLine(kind, { most: 40 })
      this.#report(['evidence', kind], `"${shown}" is not a kind of evidence: ${expected}${advice}`)
    }
    return new Map(Object.entries(levels))
  }

  #conditions(): Policy['vulnerabilities'] {
    const entries = levels.flatMap((level): (readonly [(typeof levels)[number], GateExpression[]])[] => {
      const written = this.#file.vulnerabilities?.[level]
      if (written === undefined) return []
      const texts = typeof written === 'string' ? [written] : written
      return [
        [
          level,
          texts.flatMap((text, i) => {
            const path = ['vulnerabilities', level, ...(typeof written === 'string' ? [] : [i])]
            return this.#understood(path, () => parseGate(text))
          }),
        ],
      ]
    })
    return Object.fromEntries(entries)
  }

  #understood(path: DocumentPath, parse: () => readonly GateExpression[]): readonly GateExpression[] {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
      this.#report(path, error.message.replace(/\n[\s\S]*/, ''))
      return []
    }
  }

  #ownRules(origin: (path: DocumentPath) => string): readonly OwnRule[] {
    const ids = new Set<string>()
    return (this.#file['own-rules'] ?? []).map(({ 'broken-when': brokenWhen, ...rule }, i) => {
      const path = ['own-rules', i, 'id']
      const taken = this.#rules.some(({ id }) => id === rule.id) || ownKinds.includes(rule.id)
      if (taken) this.#report(path, `"${rule.id}" is already the name of a rule of Temper`)
      if (ids.has(rule.id)) this.#report(path, `two rules have the name "${rule.id}"`)
      ids.add(rule.id)
      return { ...rule, brokenWhen, origin: origin(['own-rules', i]) }
    })
  }

  #exceptions(origin: (path: DocumentPath) => string): readonly PolicyException[] {
    return (this.#file.exceptions ?? []).map(
      ({ finding, package: name, path, object, images, ...exception }, i) => ({
        ...exception,
        ...(finding === undefined ? {} : { finding }),
        ...(name === undefined ? {} : { package: name }),
        ...(path === undefined ? {} : { path: `/${path.replace(/^\/+/, '')}` }),
        ...(object === undefined ? {} : { object }),
        images: images ?? [],
        origin: origin(['exceptions', i]),
      }),
    )
  }
}

function unknownParameter({ id, parameters = [] }: KnownRule, name: string): string {
  const shown = printableLine(name, { most: 40 })
  if (parameters.length === 0) return `the rule "${id}" takes nothing but a level, found "${shown}"`
  const near = closest(name, parameters)
  const advice = near === undefined ? `expected ${parameters.join(', ')}` : `did you mean "${near}"?`
  return `the rule "${id}" takes no "${shown}": ${advice}`
}
