import type { StrippedEntry } from '../../assemble/root/populate.ts'
import { TemperError } from '../../base/error.ts'
import type { RelaxableRule } from '../../model/recipe.ts'
import { violationJson } from '../../report/json/violation.ts'
import type { UnmetNeed } from '../../tree/proof/need.ts'

/** The error for a tree that is not closed. It distinguishes what hardening left out from what no package brought. */
export function notClosed(
  needs: readonly UnmetNeed[],
  about: { readonly stripped: readonly StrippedEntry[]; readonly without?: readonly string[] },
): TemperError {
  const { stripped, without = [] } = about
  const judged = needs.map((need) => ({
    need,
    leftOut: stripped.find(({ path }) => isNeeded(path, need.need)),
  }))
  const rules = new Set(judged.flatMap(({ leftOut }) => (leftOut?.relaxable ? (leftOut.rule ?? []) : [])))
  const lines = judged.map(({ need, leftOut }) =>
    leftOut === undefined ? `  ${sentence(need)}` : `  ${need.subject} ${need.found}${whyLeftOut(leftOut)}`,
  )
  const things = needs.length === 1 ? 'a thing' : `${needs.length} things`
  const violations = judged.map(needJson)
  const kept = without.filter((name) => needs.some(({ provider }) => provider === name))
  return new TemperError('not-closed', `The image lacks ${things} that it needs:\n${lines.join('\n')}`, {
    hint: kept.length === 0 ? hint([...rules], missingPackages(judged)) : hintWithout(kept),
    // "holes" is their older name.
    details: { violations, holes: violations },
  })
}

function sentence({ subject, found, provider }: UnmetNeed): string {
  return provider === undefined
    ? `${subject} ${found}`
    : `${subject} ${found}; the package ${provider} provides it`
}

function whyLeftOut(entry: StrippedEntry): string {
  const { package: owner, rule, relaxable, reason } = entry
  const which = rule === undefined || !relaxable ? reason : `the hardening rule ${rule}`
  return `: ${owner} provides it, and was left out (${which})`
}

interface JudgedNeed {
  readonly need: UnmetNeed
  /** What hardening left out and is needed. */
  readonly leftOut: StrippedEntry | undefined
}

function needJson({ need, leftOut }: JudgedNeed) {
  const { kind, neededBy, provider } = need
  return {
    ...violationJson(need),
    kind,
    need: need.need,
    ...(neededBy === undefined ? {} : { neededBy }),
    ...(provider === undefined ? {} : { provider }),
    ...(leftOut === undefined ? {} : { leftOut: { ...leftOut, path: `/${leftOut.path}` } }),
    text: sentence(need),
  }
}

function hintWithout(names: readonly string[]): string {
  return `Remove ${names.join(', ')} from contents.without, or delete under paths the files that need it.`
}

/** The packages to add, each once. */
function missingPackages(judged: readonly JudgedNeed[]): readonly string[] {
  const names = judged.flatMap(({ need, leftOut }) => (leftOut === undefined ? (need.provider ?? []) : []))
  return [...new Set(names)].sort()
}

function hint(rules: readonly RelaxableRule[], missing: readonly string[]): string {
  if (rules.length === 0) {
    const added =
      missing.length === 0
        ? 'Add the package that provides it under contents.packages'
        : `Add to contents.packages: [${missing.join(', ')}]`
    return `${added}, or delete under paths the file that needs it.`
  }
  const allow = rules.map((rule) => `{ rule: ${rule}, why: … }`).join(', ')
  return `Do without it, or allow it under hardening.allow: [${allow}]. The reason becomes part of the image.`
}

/** Whether a path of the image is what was needed: an absolute path, before or after the merge of /usr, or a name. */
function isNeeded(path: string, need: string): boolean {
  if (!need.includes('/')) return /^(usr\/)?(local\/)?s?bin\/[^/]+$/.test(path) && path.endsWith(`/${need}`)
  const wanted = need.replace(/^\/+/, '')
  return path === wanted || path === `usr/${wanted}`
}
