import { TemperError } from '../../base/error.ts'
import type { PackageRequest } from '../../model/package/package.ts'
import { minimalCore } from './core.ts'
import { describeClauses, type Words } from './describe.ts'
import { formatRequest, listed } from './requests.ts'
import type { Clause } from './sat.ts'
import type { Origin } from './search.ts'
import type { Universe } from './universe.ts'

const mostReasons = 40

/**
 * The error for clauses that contradict each other: reduced to what causes the contradiction, then described from the
 * recipe's requests down to who asked for what.
 */
export function unsatisfiable(
  contradiction: readonly { readonly clause: Clause; readonly origin: Origin }[],
  universe: Universe,
): TemperError {
  const core = minimalCore(contradiction).map((item) => item.origin)
  const requests = core.flatMap((origin) => (origin.kind === 'request' ? [origin.request] : []))
  const words = describeClauses(core, universe)
  const names = [...new Set(requests.map(formatRequest))]
  const subject =
    names.length === 1
      ? `${names[0]} cannot be installed`
      : `${listed(names, 6)} cannot be installed together`
  const shown = words.reasons.slice(0, mostReasons)
  const more = words.reasons.length - shown.length
  const lines = more > 0 ? [...shown, `(${more} more reasons)`] : shown
  return new TemperError('unsatisfiable', [`${subject}:`, ...lines.map((line) => `- ${line}`)].join('\n'), {
    hint: hintFor(words, requests),
    details: { requests: names, reasons: words.reasons },
  })
}

function hintFor(words: Words, requests: readonly PackageRequest[]): string {
  const rules = new Map([...words.rules, ...requests].map((rule) => [formatRequest(rule), rule]))
  const tight = [...rules].filter(
    ([, rule]) => rule.excluded || rule.version !== undefined || rule.suite !== undefined,
  )
  if (tight.length > 0) {
    const change = `Change or remove ${tight.map(([text]) => `"${text}"`).join(' or ')} in the recipe.`
    const kept = tight.flatMap(([, { excluded, name }]) => (excluded ? [name] : []))
    if (kept.length === 0) return change
    return `${change} contents.without leaves out what others need: [${kept.join(', ')}].`
  }
  const pinned = [...new Set(words.pinned.map((request) => `"${formatRequest(request)}"`))]
  if (pinned.length > 0) return `Ask for ${pinned.join(' or ')} in the recipe too, to take it from there.`
  const missing = [...new Set(words.missing)]
  if (missing.length > 0)
    return `Add the repository or suite that has ${listed(missing, 4)}, or ask for another package.`
  const names = [...rules.keys()]
  return names.length > 1 ? `Leave out one of ${listed(names, 6)}.` : 'Ask for another package.'
}
