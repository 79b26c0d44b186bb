import type { Graded } from '../../packages/temper/src/model/assess/assessment.ts'
import type { Rule } from '../../packages/temper/src/model/rule.ts'
import type { ImageRuleText } from '../../packages/temper/src/report/assessment/rule-text.ts'

/** Rules of one kind, and what they are held against. */
export interface RuleChapter {
  readonly title: string
  /** A paragraph of Markdown. */
  readonly about: string
  readonly rules: readonly ChapterRule[]
}

type ChapterRule = Pick<Rule<never>, 'id' | 'title' | 'why' | 'fix' | 'level'> &
  Partial<Graded> &
  Pick<ImageRuleText, 'parameters'>

/** docs/reference/rules.md, in Markdown: every rule with what it states, why, and what to do. */
export function rulesReference(chapters: readonly RuleChapter[]): string {
  return `# Rules

Whatever Temper checks is a rule: a statement about something, that holds or is broken. What breaks one is told as
a [violation](violations.md). Its level says how much that
matters; what is refused is decided by whoever refuses it.

Two kinds of rules have pages of their own: those about [secrets](secrets.md), and those of the [gate](gate.md), which
are written with \`--fail-on\`.

${chapters.map(chapter).join('\n')}`
}

function chapter({ title, about, rules }: RuleChapter): string {
  const graded = rules.some(({ tier }) => tier !== undefined)
  const columns = ['Rule', 'States', 'Why', 'What to do', 'Level', ...(graded ? ['Aspect', 'Tier'] : [])]
  const rows = rules.map((rule) => {
    const { aspect = '', tier = '' } = rule
    const cells = [
      `\`${rule.id}\``,
      `${rule.title}${takes(rule)}`,
      rule.why,
      rule.fix,
      rule.level,
      ...(graded ? [aspect, tier] : []),
    ]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  })
  return `## ${title}

${about}

| ${columns.join(' | ')} |
| ${columns.map(() => '---').join(' | ')} |
${rows.join('')}`
}

function takes({ parameters = {} }: ChapterRule): string {
  return Object.entries(parameters)
    .map(([name, { about, default: own }]) => `; takes \`${name}\`: ${about} (${own})`)
    .join('')
}
