import type { StrippedEntry } from '../../assemble/root/populate.ts'
import { TemperError } from '../../base/error.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import { ballastOf } from '../../rules/hardening/ballast.ts'
import { toolRules } from '../../rules/hardening/strip.ts'
import type { Hole } from '../../tree/proof/hole.ts'

/** The error for a tree with holes. What hardening left out is told apart from what no package brought. */
export function notClosed(holes: readonly Hole[], stripped: readonly StrippedEntry[]): TemperError {
  const rules = new Set<RelaxableRule>()
  const lines = holes.map((hole) => {
    const entry = stripped.find(({ path }) => isNeeded(path, hole.need))
    if (entry === undefined) return `  ${hole.text}`
    const rule = ruleOf(entry)
    if (rule !== undefined) rules.add(rule)
    const which = rule === undefined ? entry.reason : `the hardening rule ${rule}`
    return `  ${hole.text}: ${entry.package} has it, and it was left out (${which})`
  })
  const things = holes.length === 1 ? 'a thing' : `${holes.length} things`
  return new TemperError('not-closed', `The image lacks ${things} that it needs:\n${lines.join('\n')}`, {
    hint: hint([...rules]),
    details: { holes },
  })
}

function hint(rules: readonly RelaxableRule[]): string {
  if (rules.length === 0)
    return 'Add the package that has it under contents.packages, or delete the file that needs it under paths.'
  const allow = rules.map((rule) => `{ rule: ${rule}, why: … }`).join(', ')
  return `Do without it, or let it in under hardening.allow: [${allow}]. The reason becomes part of the image.`
}

/** Whether a path of the image is what was needed: an absolute path, before or after the merge of /usr, or a name. */
function isNeeded(path: string, need: string): boolean {
  if (!need.includes('/')) return /^(usr\/)?(local\/)?s?bin\/[^/]+$/.test(path) && path.endsWith(`/${need}`)
  const wanted = need.replace(/^\/+/, '')
  return path === wanted || path === `usr/${wanted}`
}

function ruleOf({ path, reason }: StrippedEntry): RelaxableRule | undefined {
  for (const [tool, rule] of Object.entries(toolRules)) if (tool === reason) return rule
  const ballast = ballastOf(path, 'file')
  return ballast?.reason === reason ? ballast.rule : undefined
}
