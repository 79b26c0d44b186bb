import type { InventoryNote } from '../inventory.ts'

/**
 * A VEX statement or an ignore rule that matches nothing that was found, most often because a name is spelled
 * differently.
 */
export interface UnusedRule {
  readonly kind: 'vex' | 'rule'
  /** The document, or where the rule is written: "web.openvex.json", ".temper/ignore.yaml:4". */
  readonly source: string
  /**
   * Position of the statement in the document, from 1; absent for a rule, and for a document of which nothing
   * matches.
   */
  readonly position?: number
  /** The vulnerability, or whatever else it is about; absent for a document of which nothing matches. */
  readonly id?: string
  /**
   * What does not match: the product or the package is missing; the package has another version, other qualifiers or
   * another place; nothing of this name was found in it; or something else suppresses it.
   */
  readonly reason: 'product' | 'package' | 'version' | 'qualifiers' | 'place' | 'finding' | 'suppressed'
  /** The reason in words. */
  readonly why: string
}

/** How many of one source are spelt out. */
const spelled = 3

/** One note for each document, and one for all ignore rules. */
export function unusedNotes(unused: readonly UnusedRule[]): readonly InventoryNote[] {
  const bySource = Map.groupBy(unused, ({ kind, source }) => (kind === 'rule' ? '' : source))
  return [...bySource].map(([source, all]) => (source === '' ? ruleNote(all) : statementNote(source, all)))
}

function statementNote(source: string, unused: readonly UnusedRule[]): InventoryNote {
  const [first] = unused
  if (unused.length === 1 && first?.position === undefined)
    return { code: 'vex-unused', message: `${source}: no statement is about this target: ${first?.why}` }
  const texts = unused.map(({ id, position, why }) => `${id} (statement ${position}: ${why})`)
  return { code: 'vex-unused', message: `${source}: ${count(unused, 'statement')}: ${shown(texts)}` }
}

function ruleNote(unused: readonly UnusedRule[]): InventoryNote {
  const texts = unused.map(({ id, source, why }) => `${id} (${source}: ${why})`)
  return { code: 'ignore-rule-unused', message: `${count(unused, 'ignore rule')}: ${shown(texts)}` }
}

function count({ length }: readonly UnusedRule[], what: string): string {
  return length === 1 ? `1 ${what} matches nothing` : `${length} ${what}s match nothing`
}

function shown(texts: readonly string[]): string {
  const rest = texts.length - spelled
  return [...texts.slice(0, spelled), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

/** Those that are unused in every target in which they were tried. */
export function unusedInAll(all: readonly (readonly UnusedRule[])[]): readonly UnusedRule[] {
  const [first = [], ...others] = all
  const keys = others.map((each) => new Set(each.map(keyOf)))
  return first.filter((each) => keys.every((known) => known.has(keyOf(each))))
}

function keyOf({ kind, source, position, id }: UnusedRule): string {
  return `${kind}\n${source}\n${position}\n${id}`
}
