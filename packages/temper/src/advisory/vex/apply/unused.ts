import type { UnusedRule } from '../../../model/advisory/unused-rule.ts'
import type { VexDocument, VexStatement } from '../../../model/advisory/vex.ts'
import type { Component } from '../../../model/inventory.ts'
import type { Matcher } from './matcher.ts'

/** Most that are told one by one. */
const unusedLimit = 1000

type Why = Pick<UnusedRule, 'reason' | 'why'>

/** Statements of documents that are about no finding, with the likely reason. */
export function unusedStatements(
  documents: readonly VexDocument[],
  used: ReadonlySet<VexStatement>,
  matcher: Matcher,
): readonly UnusedRule[] {
  const unused: UnusedRule[] = []
  for (const { origin, statements } of documents) {
    for (const [index, statement] of statements.entries()) {
      if (used.has(statement)) continue
      if (unused.length >= unusedLimit) return unused
      const { vulnerability: id } = statement
      unused.push({ kind: 'vex', source: origin, position: index + 1, id, ...whyUnused(statement, matcher) })
    }
  }
  return unused
}

/** Whether anything in a document, which may be about something else altogether, names the target or a part of it. */
export function namesAnything({ statements }: VexDocument, matcher: Matcher): boolean {
  return statements.some(
    ({ products }) =>
      products.length === 0 ||
      products.some((product) => matcher.isTarget(product) || matcher.index.ofName(product.id).length > 0),
  )
}

/** Of several products the one that comes closest tells why. */
function whyUnused({ products, vulnerability }: VexStatement, matcher: Matcher): Why {
  let closest: Why | undefined
  for (const product of products) {
    const why = whyNot(product, matcher)
    if (why === undefined) return notFound(vulnerability)
    if (closest === undefined || closeness[why.reason] > closeness[closest.reason]) closest = why
  }
  return closest ?? notFound(vulnerability)
}

const closeness: Readonly<Record<UnusedRule['reason'], number>> = {
  product: 0,
  package: 1,
  version: 2,
  qualifiers: 3,
  place: 4,
  finding: 5,
  suppressed: 6,
}

function notFound(vulnerability: string): Why {
  return { reason: 'finding', why: `${vulnerability} was not found in it` }
}

/** Undefined when the target has all that is named. */
function whyNot(product: VexStatement['products'][number], matcher: Matcher): Why | undefined {
  if (!matcher.isTarget(product)) {
    const why = whyNotNamed(product.id, { matcher, reason: 'product' })
    if (why !== undefined) return why
  }
  let closest: Why | undefined
  for (const id of product.subcomponents) {
    const why = whyNotNamed(id, { matcher, reason: 'package' })
    // Both are there. What is not brought by the product alone stays open.
    if (why === undefined) return matcher.isTarget(product) ? undefined : elsewhere(product.id, id)
    if (closest === undefined || closeness[why.reason] > closeness[closest.reason]) closest = why
  }
  return closest
}

function elsewhere(product: string, part: string): Why {
  return { reason: 'place', why: `${part} is there, but not because of ${product} alone` }
}

function whyNotNamed(
  id: string,
  { matcher: { index }, reason }: { readonly matcher: Matcher; readonly reason: 'product' | 'package' },
): Why | undefined {
  if (index.named(id).length > 0) return undefined
  const alike = index.ofName(id)
  if (alike.length === 0) return { reason, why: `${id} is not in it` }
  const version = index.purl(id)?.version
  if (version !== undefined && !alike.some((each) => each.version === version))
    return { reason: 'version', why: `${id} is there in version ${versionsOf(alike)}` }
  return { reason: 'qualifiers', why: `${id} is there as ${alike[0]?.purl}` }
}

function versionsOf(components: readonly Component[]): string {
  const versions = [...new Set(components.map(({ version }) => version))]
  return versions.length > 3 ? `${versions.slice(0, 3).join(', ')}…` : versions.join(', ')
}
